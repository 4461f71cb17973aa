"""Words for those whose age people tell: relatives, patients, pets; in English, German, Spanish and French."""

KIN = (
    "son|sons|daughters?|kids?|child|children|baby|toddler|boys?|girls?|brothers?|sisters?|mother|mom|mum|father|dad"
    "|wife|husband|partner|boyfriend|girlfriend|bf|gf|fianc[eé]e?|niece|nephew|grandson|granddaughter|uncle|aunt"
    "|cousin"
    "|twins?|grand(?:child(?:ren)?|kids?)|friend|man|woman|guy|female|male|patient|dog|cat|me|i"
    "|sohn|söhne|sohnemann|tochter|töchter|kind|kinder|kindern|baby|zwerg|junge|mädchen|bruder"
    "|schwester|mutter|mama|vater"
    "|papa|frau|mann|enkel|enkelin|neffe|nichte|freund|freundin|zwillinge|großer?|kleiner?"
    "|hij[oa]s?|niñ[oa]s?|bebé|peque|pequeñ[oa]s?|chic[oa]s?|herman[oa]|madre|padre|marido|mujer"
    "|esposa|novi[oa]|niet[oa]s?"
    "|sobrin[oa]s?|abuel[oa]|tí[oa]|prim[oa]|amig[oa]|hombre|perr[oa]|gat[oa]"
    "|fils|filles?|enfants?|bébé|mari|femme|mère|père|frère|s[oœ]eur|neveu|copain|copine"
)
"""Alternatives of an expression that ignores case."""
