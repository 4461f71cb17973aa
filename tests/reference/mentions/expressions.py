"""Expressions of the rules for people and quantities, kept here apart from the ones they check."""

FOREIGN_WORDS = (
    r" und | der | ist | mit | que | para | los | una | el | les | con | ich | jahre| monate|años| minut"
    r"| horas| gracias| le | est | dans | nous | depuis |[à-ÿ]"
)
FOREIGN_SIGNS = (
    r" (?:jahr|monat|woche|stunde|tage|sekund|minut|abend|letzte|nächste|std|año|mes|semana|hora|día"
    r"|segundo|noche|ans|mois|semaine|jours|heures|secondes|januar|februar|märz|april|mai|juni|juli"
    r"|august|september|oktober|november|dezember|frühling|frühjahr|sommer|herbst|winter|enero|febrero"
    r"|marzo|abril|mayo|junio|julio|agosto|septiembre|octubre|noviembre|diciembre|verano|otoño|invierno"
    r"|primavera|janvier|février|mars|avril|juin|juillet|août|septembre|octobre|novembre|décembre|cumpl"
    r"|tiene|tengo|mit anderthalb)|jährig|monatig|[1-9] ?(?:jahr|monat|woche|stunde|tage|min|std)| (?:bin"
    r"|ist|wird|wurde|mit|sind|waren|heute|de|los|erst|schon|ya) [1-9]| (?:und|seit|hatten?|war|wurden?"
    r"|en|desde|hasta|año|depuis) (?:19|20)[0-9][0-9]"
)
AGE = (
    r"(?i)(?:(?:over|under|above|below|by|at|around|from) the age of|aged|age of|age) (?:about "
    r"|around )?[0-9]{1,3}(?:\s?[-–]\s?[0-9]{2})?|[0-9]{1,3}(?:\s?[-–]\s?[0-9]{1,3})?[- ]?(?:years?|yrs?"
    r"|months?|weeks?)[- ](?:old|of age)|(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven"
    r"|twelve|thirteen|fourteen|fifteen|sixteen|seventeen|eighteen|nineteen|twenty|thirty|forty|fifty"
    r"|sixty)(?:[- ](?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen"
    r"|fifteen|sixteen|seventeen|eighteen|nineteen|twenty|thirty|forty|fifty|sixty))?[- ](?:years?"
    r"|months?)[- ]old|[0-9]{1,2} ?y/?o|(?:early|mid|late)(?:[- ]to[- ](?:mid"
    r"|late))?[- ]?(?:(?:[2-9]0)['’]?s|teens|twenties|thirties|forties|fifties|sixties|seventies|eighties"
    r"|nineties)|(?:in |into )(?:my|his|her|their|your|our) (?:[2-9]0['’]?s|teens|twenties|thirties"
    r"|forties|fifties|sixties|seventies|eighties|nineties)|[0-9]{2} (?:at|when) (?:diagnosis|onset"
    r"|diagnosed|first diagnosed)"
)
AGE_IS = (
    r"(?i)(?:I['’]?m|I am|he['’]s|she['’]s|you['’]re|(?:he|she|I|you|who) (?:is|was|were|are)|(?:am|is|was"
    r"|are) (?:now|only|just)|(?:I|he|she|just|recently)(?: (?:just|recently|have|has))? turned"
    r"|turning) (?:now |only |just |nearly |almost )?[1-9][0-9]|\p{L}+(?:['’]s|['’]?m|['’]re| is| was| am"
    r"| are| were) (?:pushing|approaching|nearing) [2-9][0-9]"
)
AGE_AT = r"(?i)at (?:just |only )?(?:1[0-9]|[2-9][0-9])"
AGE_WAS = r"(?i)ages? [^.!?\n]{0,60}?(?:was|were|is|:) [1-9][0-9]"
KIN = (
    r"son|sons|daughters?|kids?|child|children|baby|toddler|boys?|girls?|brothers?|sisters?|mother|mom|mum"
    r"|father|dad|wife|husband|partner|boyfriend|girlfriend|bf|gf|fianc[eé]e?|niece|nephew|grandson"
    r"|granddaughter|uncle|aunt|cousin|twins?|grand(?:child(?:ren)?|kids?)|friend|man|woman|guy|female|male"
    r"|patient|dog|cat|me|i|sohn|söhne|sohnemann|tochter|töchter|kind|kinder|kindern|baby|zwerg|junge|mädchen"
    r"|bruder|schwester|mutter|mama|vater|papa|frau|mann|enkel|enkelin|neffe|nichte|freund|freundin|zwillinge"
    r"|großer?|kleiner?|hij[oa]s?|niñ[oa]s?|bebé|peque|pequeñ[oa]s?|chic[oa]s?|herman[oa]|madre|padre|marido"
    r"|mujer|esposa|novi[oa]|niet[oa]s?|sobrin[oa]s?|abuel[oa]|tí[oa]|prim[oa]|amig[oa]|hombre|perr[oa]"
    r"|gat[oa]|fils|filles?|enfants?|bébé|mari|femme|mère|père|frère|s[oœ]eur|neveu|copain|copine"
)
PARENS = (
    r"\((?:[1-9][0-9]?|1[01][0-9]|[1-9]½|[1-9] 1/2)(?: ?[mfMF]|(?:,? (?:years?|yrs?|months?|weeks?|Jahre?"
    r"|Monate?|Wochen?|años?|meses|mes|semanas?)(?: old| alt)?))?\)"
)
SEX = r"(?:[1-9][0-9] ?[MF]|[MF] ?[1-9][0-9])"
SEXED_BEFORE = (
    r"(?i)(?:\b(?:son|sons|daughters?|kids?|child|children|baby|toddler|boys?|girls?|brothers?|sisters?"
    r"|mother|mom|mum|father|dad|wife|husband|partner|boyfriend|girlfriend|bf|gf|fianc[eé]e?|niece|nephew"
    r"|grandson|granddaughter|uncle|aunt|cousin|twins?|grand(?:child(?:ren)?|kids?)|friend|man|woman|guy"
    r"|female|male|patient|dog|cat|me|i|sohn|söhne|sohnemann|tochter|töchter|kind|kinder|kindern|baby|zwerg"
    r"|junge|mädchen|bruder|schwester|mutter|mama|vater|papa|frau|mann|enkel|enkelin|neffe|nichte|freund"
    r"|freundin|zwillinge|großer?|kleiner?|hij[oa]s?|niñ[oa]s?|bebé|peque|pequeñ[oa]s?|chic[oa]s?|herman[oa]"
    r"|madre|padre|marido|mujer|esposa|novi[oa]|niet[oa]s?|sobrin[oa]s?|abuel[oa]|tí[oa]|prim[oa]|amig[oa]"
    r"|hombre|perr[oa]|gat[oa]|fils|filles?|enfants?|bébé|mari|femme|mère|père|frère|s[oœ]eur|neveu|copain"
    r"|copine|my|ex|a|am|both|and|an?)\W{1,2}|[(\[/]|\A\s*)\Z"
)
SEXED_AFTER = r"\A(?:[\s,.)\]/;:!?]|\Z)"
NOT_SEXED = (
    r"(?i)\b(?:at|to|of|below|above|around|about|is|was|it['’]?s|hit|hits|reached|outside|line|row"
    r"|model)\s\Z"
)
PERSON = (
    r"(?i)(?:\b(?:i|me|my|he|him|his|she|her|we|our|who|born|diagnosed|diagnosis|died|dies|retired?|married"
    r"|pregnan\w+|menopause|onset|son|sons|daughters?|kids?|child|children|baby|toddler|boys?|girls?"
    r"|brothers?|sisters?|mother|mom|mum|father|dad|wife|husband|partner|boyfriend|girlfriend|bf|gf"
    r"|fianc[eé]e?|niece|nephew|grandson|granddaughter|uncle|aunt|cousin|twins?|grand(?:child(?:ren)?|kids?)"
    r"|friend|man|woman|guy|female|male|patient|dog|cat|me|i|sohn|söhne|sohnemann|tochter|töchter|kind|kinder"
    r"|kindern|baby|zwerg|junge|mädchen|bruder|schwester|mutter|mama|vater|papa|frau|mann|enkel|enkelin|neffe"
    r"|nichte|freund|freundin|zwillinge|großer?|kleiner?|hij[oa]s?|niñ[oa]s?|bebé|peque|pequeñ[oa]s?"
    r"|chic[oa]s?|herman[oa]|madre|padre|marido|mujer|esposa|novi[oa]|niet[oa]s?|sobrin[oa]s?|abuel[oa]"
    r"|tí[oa]|prim[oa]|amig[oa]|hombre|perr[oa]|gat[oa]|fils|filles?|enfants?|bébé|mari|femme|mère|père|frère"
    r"|s[oœ]eur|neveu|copain|copine)\b[^.!?\n]*|(?-i:\p{Lu})\p{Ll}+ (?:got|won|became|died|joined|retired"
    r"|started|quit|left|wrote|published|founded|learned|learnt|married|passed)\b[^.!?\n]*|(?:\A"
    r"|[.!?\n]\s*)(?:even |and |but |so |especially )?)\Z"
)
MONTHS_AT = (
    r"(?i)at (?:about |around |just |only |nearly )?(?:[1-9][0-9]?(?:\s?[-–]\s?[0-9]{1,2})?|a) (?:months?"
    r"|weeks?|days?)(?: old)?"
)
CHILD = (
    r"(?i)\b(?:(?:grand)?(?:son|daughter|kids?|child|children)|nephew|niece|brother|sister|baby|babies"
    r"|toddlers?|twins?|infants?|newborn|boy|mine|ours|diagnosed|born|came home|girl|he|she|walk\w*|crawl\w*"
    r"|talk\w*|teeth\w*|wean\w*|breastfe\w+|vaccin\w+|sleep\w*|puppy|kitten)\b[^.!?\n]*\Z"
)
LIST = r"[1-9][0-9]?(?:, [1-9][0-9]?)*,? (?:and|und|y|&) [1-9][0-9]?(?: months?| weeks?| Monate?n?| meses)?"
LISTED_BEFORE = (
    r"(?i)(?:\b(?:aged|ages)|\b(?:son|sons|daughters?|kids?|child|children|baby|toddler|boys?|girls?"
    r"|brothers?|sisters?|mother|mom|mum|father|dad|wife|husband|partner|boyfriend|girlfriend|bf|gf"
    r"|fianc[eé]e?|niece|nephew|grandson|granddaughter|uncle|aunt|cousin|twins?|grand(?:child(?:ren)?|kids?)"
    r"|friend|man|woman|guy|female|male|patient|dog|cat|me|i|sohn|söhne|sohnemann|tochter|töchter|kind|kinder"
    r"|kindern|baby|zwerg|junge|mädchen|bruder|schwester|mutter|mama|vater|papa|frau|mann|enkel|enkelin|neffe"
    r"|nichte|freund|freundin|zwillinge|großer?|kleiner?|hij[oa]s?|niñ[oa]s?|bebé|peque|pequeñ[oa]s?"
    r"|chic[oa]s?|herman[oa]|madre|padre|marido|mujer|esposa|novi[oa]|niet[oa]s?|sobrin[oa]s?|abuel[oa]"
    r"|tí[oa]|prim[oa]|amig[oa]|hombre|perr[oa]|gat[oa]|fils|filles?|enfants?|bébé|mari|femme|mère|père|frère"
    r"|s[oœ]eur|neveu|copain|copine)\b[^.!?\n]{0,50}\b(?:are|were|sind|waren|tienen|de)(?: now| heute| jetzt"
    r"| schon| ya)?|\b(?:son|sons|daughters?|kids?|child|children|baby|toddler|boys?|girls?|brothers?"
    r"|sisters?|mother|mom|mum|father|dad|wife|husband|partner|boyfriend|girlfriend|bf|gf|fianc[eé]e?|niece"
    r"|nephew|grandson|granddaughter|uncle|aunt|cousin|twins?|grand(?:child(?:ren)?|kids?)|friend|man|woman"
    r"|guy|female|male|patient|dog|cat|me|i|sohn|söhne|sohnemann|tochter|töchter|kind|kinder|kindern|baby"
    r"|zwerg|junge|mädchen|bruder|schwester|mutter|mama|vater|papa|frau|mann|enkel|enkelin|neffe|nichte"
    r"|freund|freundin|zwillinge|großer?|kleiner?|hij[oa]s?|niñ[oa]s?|bebé|peque|pequeñ[oa]s?|chic[oa]s?"
    r"|herman[oa]|madre|padre|marido|mujer|esposa|novi[oa]|niet[oa]s?|sobrin[oa]s?|abuel[oa]|tí[oa]|prim[oa]"
    r"|amig[oa]|hombre|perr[oa]|gat[oa]|fils|filles?|enfants?|bébé|mari|femme|mère|père|frère|s[oœ]eur|neveu"
    r"|copain|copine)(?:,| are| aged)?) \(?\Z"
)
LIMIT = (
    r"(?i)(?:people|adults?|women|men|patients?|children|kids?|babies|infants|toddlers|those|anyone"
    r"|anybody|someone|everyone|males?|females?|girls|boys|drivers|workers|voters) (?:who are "
    r"|aged )?(?:over|under|above|below|older than|younger than) (?:the )?[1-9][0-9]?"
)
IS_ONE_DIGIT = (
    r"(?i)(?:(?:he|she|(?:son|daughter|boy|girl|kid)) ?(?:['’]s|is|was|turned|turns)|(?:he|she|they|kids"
    r"|children)(?: (?:are|were))|turning) (?:now |only |just |nearly |almost |about )?[1-9]"
)
FOREIGN_UNITS_FOLLOW = (
    r"(?i)\A(?:[0-9%°º€$]|[.,:/-][0-9]|\s?(?:%|\p{L}*prozent|por ciento|euros?|kg|g|ml|l|cm|m|km|h|uhr"
    r"|grad|mal|veces)\b|[.] ?(?:jan|feb|mär|apr|mai|jun|jul|aug|sep|okt|nov|dez))"
)
COUNTED = (
    r"(?i)(?:[1-9][0-9]?(?:[.,]5|½| 1/2| y medio)?(?: ?(?:-|–|bis|oder|a|o|y) ?[1-9][0-9]?)?|ein(?:em|er|en)?"
    r"|zwei|drei|vier|fünf|sechs|sieben|acht|neun|zehn|elf|zwölf|anderthalb|eineinhalb|zweieinhalb|una?|dos"
    r"|tres|cuatro|cinco|seis|siete|ocho|nueve|diez|once|doce|deux|trois|quatre|cinq|sept|huit|neuf|dix|onze"
    r"|douze|quinze) (?:Jahr(?:en?|es)?|Monat(?:en?)?|Wochen?|Tagen|años?|añitos?|mes(?:es|ecitos)?|semanas?"
    r"|días|ans|mois)(?: und (?:[1-9][0-9]?(?:[.,]5|½| 1/2| y medio)?(?: ?(?:-|–|bis|oder|a|o"
    r"|y) ?[1-9][0-9]?)?|ein(?:em|er|en)?|zwei|drei|vier|fünf|sechs|sieben|acht|neun|zehn|elf|zwölf"
    r"|anderthalb|eineinhalb|zweieinhalb|una?|dos|tres|cuatro|cinco|seis|siete|ocho|nueve|diez|once|doce|deux"
    r"|trois|quatre|cinq|sept|huit|neuf|dix|onze|douze|quinze) (?:Jahr(?:en?|es)?|Monat(?:en?)?|Wochen?|Tagen"
    r"|años?|añitos?|mes(?:es|ecitos)?|semanas?|días|ans|mois))?(?: alt| de edad)?"
)
ADJECTIVE = (
    r"(?i)(?:[1-9][0-9]?(?:[.,]5|½| 1/2| y medio)?(?: ?(?:-|–|bis|oder|a|o|y) ?[1-9][0-9]?)?|ein(?:em|er|en)?"
    r"|zwei|drei|vier|fünf|sechs|sieben|acht|neun|zehn|elf|zwölf|anderthalb|eineinhalb|zweieinhalb|una?|dos"
    r"|tres|cuatro|cinco|seis|siete|ocho|nueve|diez|once|doce|deux|trois|quatre|cinq|sept|huit|neuf|dix|onze"
    r"|douze|quinze)[- ]?(?:jährige?[nrms]?|monatige?[nrms]?)"
)
COUNTED_BEFORE = (
    r"(?i)(?:\b(?:mit|ab|unter|im Alter von) (?:ca\. |etwa |knapp |fast |gut |schon |erst |jetzt |gerade "
    r"|bald |heute |ya |casi |unos |sus |apenas |solo |sólo )?|\b(?:ten(?:go|ía|emos)|tien(?:e|es|en)"
    r"|cumpl\w+|con|a los|desde los|hasta los|a partir de los|por los|entre los|(?:menor|mayor)(?:es)? de|son"
    r"|sons|daughters?|kids?|child|children|baby|toddler|boys?|girls?|brothers?|sisters?|mother|mom|mum"
    r"|father|dad|wife|husband|partner|boyfriend|girlfriend|bf|gf|fianc[eé]e?|niece|nephew|grandson"
    r"|granddaughter|uncle|aunt|cousin|twins?|grand(?:child(?:ren)?|kids?)|friend|man|woman|guy|female|male"
    r"|patient|dog|cat|me|i|sohn|söhne|sohnemann|tochter|töchter|kind|kinder|kindern|baby|zwerg|junge|mädchen"
    r"|bruder|schwester|mutter|mama|vater|papa|frau|mann|enkel|enkelin|neffe|nichte|freund|freundin|zwillinge"
    r"|großer?|kleiner?|hij[oa]s?|niñ[oa]s?|bebé|peque|pequeñ[oa]s?|chic[oa]s?|herman[oa]|madre|padre|marido"
    r"|mujer|esposa|novi[oa]|niet[oa]s?|sobrin[oa]s?|abuel[oa]|tí[oa]|prim[oa]|amig[oa]|hombre|perr[oa]"
    r"|gat[oa]|fils|filles?|enfants?|bébé|mari|femme|mère|père|frère|s[oœ]eur|neveu|copain|copine|(?:son|sons"
    r"|daughters?|kids?|child|children|baby|toddler|boys?|girls?|brothers?|sisters?|mother|mom|mum|father|dad"
    r"|wife|husband|partner|boyfriend|girlfriend|bf|gf|fianc[eé]e?|niece|nephew|grandson|granddaughter|uncle"
    r"|aunt|cousin|twins?|grand(?:child(?:ren)?|kids?)|friend|man|woman|guy|female|male|patient|dog|cat|me|i"
    r"|sohn|söhne|sohnemann|tochter|töchter|kind|kinder|kindern|baby|zwerg|junge|mädchen|bruder|schwester"
    r"|mutter|mama|vater|papa|frau|mann|enkel|enkelin|neffe|nichte|freund|freundin|zwillinge|großer?|kleiner?"
    r"|hij[oa]s?|niñ[oa]s?|bebé|peque|pequeñ[oa]s?|chic[oa]s?|herman[oa]|madre|padre|marido|mujer|esposa"
    r"|novi[oa]|niet[oa]s?|sobrin[oa]s?|abuel[oa]|tí[oa]|prim[oa]|amig[oa]|hombre|perr[oa]|gat[oa]|fils"
    r"|filles?|enfants?|bébé|mari|femme|mère|père|frère|s[oœ]eur|neveu|copain|copine) (?:\p{L}+ )?de"
    r"|de (?:unos|casi|apenas)) (?:ca\. |etwa |knapp |fast |gut |schon |erst |jetzt |gerade |bald |heute |ya "
    r"|casi |unos |sus |apenas |solo |sólo )?(?:de )?|\b(?:(?:il|elle|on|qui|son|sons|daughters?|kids?|child"
    r"|children|baby|toddler|boys?|girls?|brothers?|sisters?|mother|mom|mum|father|dad|wife|husband|partner"
    r"|boyfriend|girlfriend|bf|gf|fianc[eé]e?|niece|nephew|grandson|granddaughter|uncle|aunt|cousin|twins?"
    r"|grand(?:child(?:ren)?|kids?)|friend|man|woman|guy|female|male|patient|dog|cat|me|i|sohn|söhne"
    r"|sohnemann|tochter|töchter|kind|kinder|kindern|baby|zwerg|junge|mädchen|bruder|schwester|mutter|mama"
    r"|vater|papa|frau|mann|enkel|enkelin|neffe|nichte|freund|freundin|zwillinge|großer?|kleiner?|hij[oa]s?"
    r"|niñ[oa]s?|bebé|peque|pequeñ[oa]s?|chic[oa]s?|herman[oa]|madre|padre|marido|mujer|esposa|novi[oa]"
    r"|niet[oa]s?|sobrin[oa]s?|abuel[oa]|tí[oa]|prim[oa]|amig[oa]|hombre|perr[oa]|gat[oa]|fils|filles?"
    r"|enfants?|bébé|mari|femme|mère|père|frère|s[oœ]eur|neveu|copain|copine) (?:a|aura|avait|ont)|j['’](?:ai"
    r"|avais)|à|l['’]âge de|âgée?s? de) (?:presque |environ |déjà |à peine )?)\Z"
)
NOT_COUNTED_BEFORE = (
    r"(?i)\b(?:in unter|seit|vor|nach|alle|hace|durante|dentro de|cada|contrato de|plazo de"
    r"|garantía de) \Z"
)
NOT_AGED_AFTER = (
    r"(?i)\A (?:später|lang|her|zuvor|vorher|Garantie|Erfahrung|Verspätung|Abstand|Haft|Bewährung"
    r"|Laufzeit|de (?:experiencia|garantía|cárcel|prisión|antigüedad|casad\w+|matrimonio|vida|retraso)"
    r"|trabajando|viviendo|usando|haciendo|después|más tarde|antes|intentando|esperando|sin)\b"
)
BARE = r"(?:[1-9][0-9]?|anderthalb)"
BARE_BEFORE = (
    r"(?i)(?:\b(?:ich bin|bin|er ist|sie ist|er wird|sie wird|(?:son|sons|daughters?|kids?|child|children"
    r"|baby|toddler|boys?|girls?|brothers?|sisters?|mother|mom|mum|father|dad|wife|husband|partner|boyfriend"
    r"|girlfriend|bf|gf|fianc[eé]e?|niece|nephew|grandson|granddaughter|uncle|aunt|cousin|twins?"
    r"|grand(?:child(?:ren)?|kids?)|friend|man|woman|guy|female|male|patient|dog|cat|me|i|sohn|söhne"
    r"|sohnemann|tochter|töchter|kind|kinder|kindern|baby|zwerg|junge|mädchen|bruder|schwester|mutter|mama"
    r"|vater|papa|frau|mann|enkel|enkelin|neffe|nichte|freund|freundin|zwillinge|großer?|kleiner?|hij[oa]s?"
    r"|niñ[oa]s?|bebé|peque|pequeñ[oa]s?|chic[oa]s?|herman[oa]|madre|padre|marido|mujer|esposa|novi[oa]"
    r"|niet[oa]s?|sobrin[oa]s?|abuel[oa]|tí[oa]|prim[oa]|amig[oa]|hombre|perr[oa]|gat[oa]|fils|filles?"
    r"|enfants?|bébé|mari|femme|mère|père|frère|s[oœ]eur|neveu|copain|copine) (?:ist|wird|wurde)|wird"
    r"|cumpl\w+(?: los)?|tengo|tiene) (?:ca\. |etwa |knapp |fast |gut |schon |erst |jetzt |gerade |bald "
    r"|heute |ya |casi |unos |sus |apenas |solo |sólo )?|\b(?:son|sons|daughters?|kids?|child|children|baby"
    r"|toddler|boys?|girls?|brothers?|sisters?|mother|mom|mum|father|dad|wife|husband|partner|boyfriend"
    r"|girlfriend|bf|gf|fianc[eé]e?|niece|nephew|grandson|granddaughter|uncle|aunt|cousin|twins?"
    r"|grand(?:child(?:ren)?|kids?)|friend|man|woman|guy|female|male|patient|dog|cat|me|i|sohn|söhne"
    r"|sohnemann|tochter|töchter|kind|kinder|kindern|baby|zwerg|junge|mädchen|bruder|schwester|mutter|mama"
    r"|vater|papa|frau|mann|enkel|enkelin|neffe|nichte|freund|freundin|zwillinge|großer?|kleiner?|hij[oa]s?"
    r"|niñ[oa]s?|bebé|peque|pequeñ[oa]s?|chic[oa]s?|herman[oa]|madre|padre|marido|mujer|esposa|novi[oa]"
    r"|niet[oa]s?|sobrin[oa]s?|abuel[oa]|tí[oa]|prim[oa]|amig[oa]|hombre|perr[oa]|gat[oa]|fils|filles?"
    r"|enfants?|bébé|mari|femme|mère|père|frère|s[oœ]eur|neveu|copain|copine)\b[^.!?\n]{0,60}\b(?:mit|(?:el"
    r"|la|los|las|un[oa]|otr[oa]) de|a los) |\b(?:mit|a los) |\b(?:debut|diagnostic|empez|muri|falleci|nac"
    r"|camin|operar)\p{L}+ (?:\p{L}+ )?(?:con|a los) )\Z"
)
FOREIGN_ENDS = (
    r"(?i)\A(?:\s*\Z|\s?[.;:!?)…\"”—–-]|,|\s+(?:und|oder|y|e|o|pero|aber|als|cuando|que|ya|jetzt|geworden"
    r"|en|este|dieses|hat|habe|war|ist|no|se|me|le|lo|el|la|gleich|schon|das|die|den)\b|\n)"
)
DURATION = (
    r"(?i)(?:about |around |roughly |approximately |nearly |almost |over |under |some |c\.\s?|circa |another "
    r"|last |past |~\s?)?(?:[0-9]{1,4}(?:[.,][0-9]+)?\+?(?: 1/2|½)?(?:(?:\s?[-–—]\s?| to "
    r"| or )[0-9]{1,4}(?:[.,][0-9]+)?\+?)?[\s-]?(?:and[ -]a[ -]half[ -])?(?:(?:full|whole|entire|straight"
    r"|solid|long|more|additional|extra|further|consecutive|business|working|good)[ -])?(?:years?|yrs?"
    r"|months?|(?-i:mos?)|weeks?|wks?|days?|hours?|hrs?|minutes?|mins?|seconds?|secs?|decades?|milliseconds?"
    r"|(?-i:ms|msecs?|h|s))(?:(?: and|,)? [0-9]{1,2} ?(?:months?|weeks?|days?|hours?|hrs?|minutes?|mins?"
    r"|seconds?|secs?))?|[0-9]{1,3} ?h(?:rs?)? ?[0-9]{1,2} ?m(?:ins?)?(?: ?[0-9]{1,2} ?s)?"
    r"|[0-9]{1,3} ?m(?:in)? ?[0-9]{1,2} ?s(?:ecs?)?|an? (?:day|week|month|year|hour|minute|second) or (?:two"
    r"|three|so)|an? (?:whole|full|entire|solid) (?:year|month|week|decade|day|night|hour|minute)"
    r"|(?:(?:(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen"
    r"|sixteen|seventeen|eighteen|nineteen|twenty|thirty|forty|fifty|sixty)|several"
    r"|a few)[\s-](?:and[ -]a[ -]half[ -])?(?:(?:full|whole|entire|straight|solid|long|more|additional|extra"
    r"|further|consecutive|business|working|good)[ -])?|a[\s-](?:and[ -]a[ -]half[ -])?"
    r"|(?:a )?couple (?:of )?(?:(?:full|whole|entire|straight|solid|long|more|additional|extra|further"
    r"|consecutive|business|working|good)[ -])?)(?:years?|months?|weeks?|decades?)(?:,? and (?:one|two|three"
    r"|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen|eighteen"
    r"|nineteen|twenty|thirty|forty|fifty|sixty) (?:months?|weeks?|days?))?|a fortnight|a century|(?:one|two"
    r"|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen"
    r"|eighteen|nineteen|twenty|thirty|forty|fifty|sixty)(?: to | or |-)(?:one|two|three|four|five|six|seven"
    r"|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen|eighteen|nineteen|twenty"
    r"|thirty|forty|fifty|sixty)[\s-](?:years?|months?|weeks?|days|hours|minutes|seconds|decades)|(?:(?:one"
    r"|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen"
    r"|eighteen|nineteen|twenty|thirty|forty|fifty|sixty)|several|a few"
    r"|a couple(?: of)?)[\s-](?:and[ -]a[ -]half[ -])?(?:(?:full|whole|entire|straight|solid|long|more"
    r"|additional|extra|further|consecutive|business|working|good)[ -])?(?:days?|nights?|hours?|minutes?"
    r"|seconds)|(?:half )?an hour|half a (?:second|minute|day|year|century|decade))"
)
NUMBERED = (
    r"[0-9+½][ -]?(?:(?:full|whole|entire|straight|solid|long|more|additional|extra|further|consecutive"
    r"|business|working|good|and a half)[ -])?(?:(?:year|yr|month|week|wk|day|night|decade|hour|hr|min|sec"
    r"|millisec)|mos?\b|ms|[hs]\b|m ?[0-9])"
)
SPELT = (
    r"(?:\ban?|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|fifteen|teen|ty|several|many"
    r"|few|half|couple(?: of)?)[\s-](?:(?:full|whole|entire|straight|solid|long|more|additional|extra|further"
    r"|consecutive|business|working|good)[ -])?(?:year|yr|month|week|wk|day|night|decade|hour|hr|min|sec"
    r"|millisec)|a fortnight|a century"
)
AGO = (
    r"(?i)(?:about |around |roughly |approximately |nearly |almost |over |under |some |c\.\s?|circa |another "
    r"|last |past |~\s?)?(?:[0-9]{1,4}(?:[.,][0-9]+)?\+?(?: 1/2|½)?(?:(?:\s?[-–—]\s?| to "
    r"| or )[0-9]{1,4}(?:[.,][0-9]+)?\+?)?|a few|a couple(?: of)?|couple(?: of)?|(?:one|two|three|four|five"
    r"|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen|eighteen|nineteen"
    r"|twenty|thirty|forty|fifty|sixty)|several|many|few|a|an)[\s-](?:and[ -]a[ -]half[ -])?(?:(?:full|whole"
    r"|entire|straight|solid|long|more|additional|extra|further|consecutive|business|working"
    r"|good)[ -])?(?:years?|yrs?|months?|weeks?|days?|decades?|hours?|hrs?|minutes?|mins?)\s(?:ago|earlier"
    r"|later|previously|before|back|from now)"
)
REACHED = (
    r"(?:year|yr|month|week|wk|day|night|decade|hour|hr|min|sec|millisec)[a-z]{0,4}\s(?:ago|earlier|later"
    r"|before|previously|back|from now)"
)
DECADE_BEFORE = r"(?i)(?:\b(?:the|my|his|her|their|your|our|early|mid|late)[ -]|[\p{L}$€£/'’-])\Z"
EVERY = r"(?i)\b(?:every|each|per|alle|jede[rns]?|cada|pro|tou(?:te)?s les) (?:other )?\Z"
FOREIGN_DURATION = (
    r"(?i)(?:etwa |ungefähr |ca\. ?|circa |fast |rund |knapp |gut |mindestens |unos |unas |casi "
    r"|aproximadamente |más de |menos de |alrededor de |otros |otras |environ |presque "
    r"|~ ?)?(?:[0-9]{1,4}(?:[.,][0-9]+)?(?: 1/2|½)?(?:(?: ?[-–] ?| bis | oder | a | o | u | à | ou | y "
    r"| und )[0-9]{1,4}(?:[.,][0-9]+)?)? ?|(?:(?:zweieinhalb|anderthalb|eineinhalb|unos pocos|unas pocas"
    r"|cincuenta|un par de|plusieurs|fünfzehn|ein paar|mehreren|cuarenta|quelques|zwanzig|dreißig|vierzig"
    r"|fünfzig|sechzig|einigen|mehrere|treinta|sesenta|algunos|algunas|sieben|einige|halben|halbes|cuatro"
    r"|quince|veinte|varios|varias|quatre|quinze|trente|einem|einen|einer|eines|sechs|zwölf|halbe|cinco"
    r"|siete|nueve|media|medio|pocos|pocas|trois|vingt|eine|zwei|drei|vier|fünf|acht|neun|zehn|tres|seis"
    r"|ocho|diez|once|doce|deux|cinq|sept|huit|neuf|ein|elf|una|dos|une|dix|un)(?:(?: bis | oder | a | o "
    r"| à | ou )(?:zweieinhalb|anderthalb|eineinhalb|unos pocos|unas pocas|cincuenta|un par de|plusieurs"
    r"|fünfzehn|ein paar|mehreren|cuarenta|quelques|zwanzig|dreißig|vierzig|fünfzig|sechzig|einigen"
    r"|mehrere|treinta|sesenta|algunos|algunas|sieben|einige|halben|halbes|cuatro|quince|veinte|varios"
    r"|varias|quatre|quinze|trente|einem|einen|einer|eines|sechs|zwölf|halbe|cinco|siete|nueve|media"
    r"|medio|pocos|pocas|trois|vingt|eine|zwei|drei|vier|fünf|acht|neun|zehn|tres|seis|ocho|diez|once"
    r"|doce|deux|cinq|sept|huit|neuf|ein|elf|una|dos|une|dix|un))?(?: halbe[ns]?)? ))(?:jahr(?:e[ns]?|s)?"
    r"|años?|añitos?|années?|ans?|monat(?:e[ns]?|s)?|mes(?:es|ecitos)?|mois|wochen?|semanas?|semaines?"
    r"|tag(?:e[ns]?|s)?|nächten?|nacht|abend|abende|días?|noches?|jours?|nuits?|stunden?|std\.?|horas?"
    r"|horitas?|heures?|minuten?|minut(?:os?|itos?)|minutes?|min\.?|sekunden?|sek\.?|segundos?"
    r"|secondes?)(?: lang| y media?| y pico)?"
)
FOREIGN_RELATIVE = (
    r"(?i)(?:(?:vor|hace|il y a) (?:etwa |ungefähr |ca\. ?|circa |fast |rund |knapp |gut |mindestens "
    r"|unos |unas |casi |aproximadamente |más de |menos de |alrededor de |otros |otras |environ |presque "
    r"|~ ?)?(?:[0-9]{1,4}(?:[.,][0-9]+)?(?: 1/2|½)?(?:(?: ?[-–] ?| bis | oder | a | o | u | à | ou | y "
    r"| und )[0-9]{1,4}(?:[.,][0-9]+)?)? ?|(?:zweieinhalb|anderthalb|eineinhalb|unos pocos|unas pocas"
    r"|cincuenta|un par de|plusieurs|fünfzehn|ein paar|mehreren|cuarenta|quelques|zwanzig|dreißig|vierzig"
    r"|fünfzig|sechzig|einigen|mehrere|treinta|sesenta|algunos|algunas|sieben|einige|halben|halbes|cuatro"
    r"|quince|veinte|varios|varias|quatre|quinze|trente|einem|einen|einer|eines|sechs|zwölf|halbe|cinco"
    r"|siete|nueve|media|medio|pocos|pocas|trois|vingt|eine|zwei|drei|vier|fünf|acht|neun|zehn|tres|seis"
    r"|ocho|diez|once|doce|deux|cinq|sept|huit|neuf|ein|elf|una|dos|une|dix"
    r"|un)(?: halbe[ns]?)? )(?:jahr(?:e[ns]?|s)?|años?|añitos?|années?|ans?|monat(?:e[ns]?|s)?|mes(?:es"
    r"|ecitos)?|mois|wochen?|semanas?|semaines?|tag(?:e[ns]?|s)?|nächten?|nacht|abend|abende|días?"
    r"|noches?|jours?|nuits?|stunden?|std\.?|horas?|horitas?|heures?|minuten?|minut(?:os?|itos?)|minutes?"
    r"|min\.?|sekunden?|sek\.?|segundos?|secondes?)|(?:etwa |ungefähr |ca\. ?|circa |fast |rund |knapp "
    r"|gut |mindestens |unos |unas |casi |aproximadamente |más de |menos de |alrededor de |otros |otras "
    r"|environ |presque |~ ?)?(?:[0-9]{1,4}(?:[.,][0-9]+)?(?: 1/2|½)?(?:(?: ?[-–] ?| bis | oder | a | o "
    r"| u | à | ou | y | und )[0-9]{1,4}(?:[.,][0-9]+)?)? ?|(?:zweieinhalb|anderthalb|eineinhalb"
    r"|unos pocos|unas pocas|cincuenta|un par de|plusieurs|fünfzehn|ein paar|mehreren|cuarenta|quelques"
    r"|zwanzig|dreißig|vierzig|fünfzig|sechzig|einigen|mehrere|treinta|sesenta|algunos|algunas|sieben"
    r"|einige|halben|halbes|cuatro|quince|veinte|varios|varias|quatre|quinze|trente|einem|einen|einer"
    r"|eines|sechs|zwölf|halbe|cinco|siete|nueve|media|medio|pocos|pocas|trois|vingt|eine|zwei|drei|vier"
    r"|fünf|acht|neun|zehn|tres|seis|ocho|diez|once|doce|deux|cinq|sept|huit|neuf|ein|elf|una|dos|une|dix"
    r"|un) )(?:jahr(?:e[ns]?|s)?|años?|añitos?|années?|ans?|monat(?:e[ns]?|s)?|mes(?:es|ecitos)?|mois"
    r"|wochen?|semanas?|semaines?|tag(?:e[ns]?|s)?|nächten?|nacht|abend|abende|días?|noches?|jours?"
    r"|nuits?|stunden?|std\.?|horas?|horitas?|heures?|minuten?|minut(?:os?|itos?)|minutes?|min\.?"
    r"|sekunden?|sek\.?|segundos?|secondes?) (?:her|später|zuvor|vorher|danach|después|más tarde|antes"
    r"|atrás|plus tard|avant)|(?:dentro de|in|en) (?:einem|einer|un|una) (?:monat|woche|jahr|mes|semana"
    r"|año)|(?:letzte|nächste|vorige|kommende|vergangene)[nrsm]? (?:jahr(?:e|es)?|monats?|woche"
    r"|wochenende|sommer|winter|herbst|frühling|frühjahr|januar|februar|märz|april|mai|juni|juli|august"
    r"|september|oktober|november|dezember)|(?:el|la) (?:próxim[oa] )?(?:año|mes|semana|verano|invierno"
    r"|otoño|primavera)(?: pasad[oa]| que viene)|(?:el|la) (?:próxim[oa]|pasad[oa]) (?:año|mes|semana"
    r"|verano|invierno|otoño|primavera)|(?:l['’]année|l['’]an|le mois|la semaine) (?:dernière?"
    r"|prochaine?))"
)
ONE_DAY = (
    r"(?i)\A(?:(?:eines?|einen|un|una) (?:tag\w*|nacht|abend\w*|día|noche|jour|nuit)|eines \w+|(?:ein|un"
    r"|une|una) (?:ans?|min\.?|std\.?))\Z"
)
FOREIGN_COUNT = (
    r"zweieinhalb|anderthalb|eineinhalb|unos pocos|unas pocas|cincuenta|un par de|plusieurs|fünfzehn"
    r"|ein paar|mehreren|cuarenta|quelques|zwanzig|dreißig|vierzig|fünfzig|sechzig|einigen|mehrere"
    r"|treinta|sesenta|algunos|algunas|sieben|einige|halben|halbes|cuatro|quince|veinte|varios|varias"
    r"|quatre|quinze|trente|einem|einen|einer|eines|sechs|zwölf|halbe|cinco|siete|nueve|media|medio|pocos"
    r"|pocas|trois|vingt|eine|zwei|drei|vier|fünf|acht|neun|zehn|tres|seis|ocho|diez|once|doce|deux|cinq"
    r"|sept|huit|neuf|ein|elf|una|dos|une|dix|un"
)
FOREIGN_DATE = (
    r"(?i)[0-3]?[0-9](?:\.|er)? ?(?:de )?(?:januar|jänner|enero|janvier|februar|feber|febrero|février"
    r"|märz|marzo|mars|april|abril|avril|mai|mayo|juni|junio|juin|juli|julio|juillet|august|agosto|août"
    r"|september|septiembre|setiembre|septembre|oktober|octubre|octobre|november|noviembre|novembre"
    r"|dezember|diciembre|décembre)(?:,? (?:de |del )?(?:19|20)[0-9]{2})?|(?:januar|jänner|enero|janvier"
    r"|februar|feber|febrero|février|märz|marzo|mars|april|abril|avril|mai|mayo|juni|junio|juin|juli"
    r"|julio|juillet|august|agosto|août|september|septiembre|setiembre|septembre|oktober|octubre|octobre"
    r"|november|noviembre|novembre|dezember|diciembre|décembre),? (?:de |del )?(?:19|20)[0-9]{2}"
)
FOREIGN_MONTH = (
    r"(?i)(?:januar|jänner|enero|janvier|februar|feber|febrero|février|märz|marzo|mars|april|abril|avril"
    r"|mai|mayo|juni|junio|juin|juli|julio|juillet|august|agosto|août|september|septiembre|setiembre"
    r"|septembre|oktober|octubre|octobre|november|noviembre|novembre|dezember|diciembre|décembre|frühling"
    r"|frühjahr|sommer|herbst|winter|verano|otoño|invierno|primavera)"
)
BEFORE_FOREIGN_MONTH = (
    r"(?i)\b(?:im|seit|ab|bis|anfang|ende|mitte|bis zum|vom|zum|letzten|diesen|dieses|nächsten|kommenden"
    r"|en|de|desde|hasta|este|esta|a (?:principios|finales|mediados) de|depuis|fin|début|cet"
    r"|cette)(?: (?:el|la|los))? \Z"
)
BEFORE_FOREIGN_YEAR = (
    r"(?i)\b(?:und|seit|ab|bis|vor|nach|im jahre?|jahr|anfang|ende|mitte|sommer|winter|herbst|frühling"
    r"|frühjahr|um|hatten?|war(?:en)?|wurden?|haben|en|desde|hasta|del?|año|hacia|entre|depuis|année"
    r"|en l['’]an)\s\Z|[.!?] \Z"
)
SEASON = (
    r"(?i)(?:(?:in |last |this |next )(?:the )?(?:early |late )?|since |during |by |until |of )(?:spring"
    r"|summer|autumn|fall|winter)(?: (?:of )?(?:19|20)[0-9]{2})?"
)
QUARTER = r"Q[1-4](?:/| of | )?(?:FY ?)?(?:19|20)[0-9]{2}"
NUMERIC = r"[0-3]?[0-9]/[0-3]?[0-9]/[0-9]{2}"
PRICED = (
    r"[$€£¥₹]|(?:eur|usd|gbp|chf|aud|cad|inr|rs\.?) ?[0-9]|(?:[0-9k]|illion|thousand|half|hundred"
    r"|pico) ?(?:us )?(?:dollar|euro|pounds|usd|eur|gbp|bucks|quid|cent|céntimo|pavos|grand|kroner|kronor"
    r"|francs|rupees|yen|yuan|pesos|rubles|roubles|rand|zloty|chf|aud|cad|nzd|sek|nok|dkk|inr|jpy|cny)"
)
SUM = (
    r"(?i)(?:US|A|C)?[$€£¥₹]\s?[0-9]+(?:[.,][0-9]+)*(?:\s?[-–]\s?[$€£]?[0-9]+(?:[.,][0-9]+)*)?(?:\s?(?:mil"
    r"lion|billion|trillion|thousand|bn|[kmb])\b)?|(?:EUR|USD|GBP|CHF|AUD|CAD|INR"
    r"|Rs\.?) ?[0-9]+(?:[.,][0-9]+)*|(?:[0-9]+(?:[.,][0-9]+)*(?:\s?(?:million|billion|trillion|thousand"
    r"|k))?(?:\s?(?:[-–]|to|bis|a)\s?[0-9]+(?:[.,][0-9]+)*| y pico)?|(?:a|one|half a) (?:million"
    r"|billion))\s?(?:US dollars?|dollars?|euros?|pounds sterling|USD|EUR|GBP|bucks|quid|grand|pavos"
    r"|cents?|céntimos?|€|£|kroner|kronor|francs|rupees|yen|yuan|pesos|rubles|roubles|rand|zloty|chf|aud"
    r"|cad|nzd|sek|nok|dkk|inr|jpy|cny)"
)
SPELT_SUM = (
    r"(?i)(?:a|one|two|three|four|five|six|seven|eight|nine|ten|twenty|thirty|forty|fifty|a few"
    r"|a couple(?: of)?|several|ein paar|zwei|drei|fünf|zehn|zwanzig|dos|tres|cinco|diez"
    r"|veinte) (?:hundred |thousand |million )?(?:grand|bucks|quid|dollars?|euros?|cents)"
)
UNPRICED = r"(?i)(?:[0-9]{1,3}(?:\.[0-9])?k?\s?[-–]\s?)?[0-9]{1,3}(?:\.[0-9])?k|[0-9]{1,3},[0-9]{3}"
PAID = (
    r"(?i)\b(?:make|makes|making|made|earn|earns|earned|earning|paid|pays?|paying|costs?|worth|salary|net(?:s"
    r"|ted|ting)?|gross(?:es|ed|ing)?|income|owes?|owed|rent|mortgage|debt|loans?|savings?|saved|spent|spend"
    r"|spending|deposit|budget|prices?|priced|sold|bought|bonus|fine|fined|invest(?:ed|ing)?|raise|wage|fee"
    r"|bill|payments?|equity|offer(?:ed)?|inherit\w*|verdict|award(?:ed)?|damages|settle(?:d"
    r"|ment)?)\b[^.!?\n]{0,40}\Z"
)
PAID_AFTER = (
    r"(?i)\A\s?(?:/|an? |per )(?:yr|year|mo|month|week|hour|hr)\b|\A (?:in (?:debt|savings|cash|fees"
    r"|damages|rent|student|credit)|salary|income|down ?payment|deposit|mortgage|loan|bonus)\b"
)
COUNTED_AFTER = (
    r"(?i)\A[ -](?:users?|people|lines?|miles?|steps|words|rows|comments|followers|times|views|stars"
    r"|likes|members|patients|samples|tokens|employees|requests|pods|views|votes|karma|km|calories|kcal"
    r"|feet|ft|square|sq|tons?|years|votes|copies|units|residents|homes|jobs)\b"
)
PLACEHOLDER = r"\A\$[0-9]\Z"
CODE_BESIDE = (
    r"""(?i)[=<>{}\\|;]\s*['\"]?\Z|\(\s*\Z|\$[0-9]\b[^\p{L}]{0,6}\Z|\b(?:placeholder|param\w*|argument|arg|args"""
    r"|group|capture|awk|echo|print|where|and|values|regexp?|replace\w*|variable|bind|column|field"
    r"""|table)s? (?:is |as |in |to |by |into |called |becomes )?['\"]?\Z"""
)
CODE_AFTER = r"""\A['\"]?\s*(?:[=<>{}\\|;]|,\s*\$[0-9])"""
NAME_PART = r"\p{Lu}[\p{L}'’-]*\p{Ll}[\p{L}]*"
RANK = (
    r"(?:(?:(?:(?:Frau|Herrn?) )?(?:Prof(?:essor)?\.?,? )?(?:Dr|Prof(?:essor)?|Doctor|Doc|Mr|Mrs|Ms|Miss"
    r"|Mx|Sir|Dame|Frau|Herrn?)(?:\.? (?:med|rer\. nat|phil|h\.? ?c)\.?)?)|Lord|Lady|Baroness|President"
    r"|Senator|Judge|(?:Chief )?Justice|Governor|Mayor|Pope|King|Queen|Prince|Princess|Aunt|Uncle|Tante"
    r"|Onkel|Don|Doña|Señora?|Sra?\.|Srta\.|Madame|Monsieur)"
)
TITLED = (
    r"(?:(?:(?:(?:Frau|Herrn?) )?(?:Prof(?:essor)?\.?,? )?(?:Dr|Prof(?:essor)?|Doctor|Doc|Mr|Mrs|Ms|Miss"
    r"|Mx|Sir|Dame|Frau|Herrn?)(?:\.? (?:med|rer\. nat|phil|h\.? ?c)\.?)?)|Lord|Lady|Baroness|President"
    r"|Senator|Judge|(?:Chief )?Justice|Governor|Mayor|Pope|King|Queen|Prince|Princess|Aunt|Uncle|Tante"
    r"|Onkel|Don|Doña|Señora?|Sra?\.|Srta\.|Madame"
    r"|Monsieur)\.? (?:\p{Lu}\.? ?){0,2}\p{Lu}[\p{L}'’-]*\p{Ll}[\p{L}]*(?: \p{Lu}[\p{L}'’-]*\p{Ll}[\p{L}]*"
    r"){0,2}"
)
PLURAL = (
    r"(?:Judges|Justices|Drs\.?|Doctors|Professors|Profs\.?|Senators"
    r"|Messrs\.?) \p{Lu}[\p{L}'’-]*\p{Ll}[\p{L}]*(?:(?:, |,? (?:and|&) )\p{Lu}[\p{L}'’-]*\p{Ll}[\p{L}]*)+"
)
LOW_TITLED = (
    r"(?:doctora?|profesora?|don|doña|señora?|sra?\.|srta\.|tante|onkel|tía|tío|herrn?"
    r"|frau) \p{Lu}[\p{L}'’-]*\p{Ll}[\p{L}]*"
)
LOW_SIGNS = r" doctora? | profesora? | don [\p{L}]| doña | señora? | sra?\. | t[ií][ao] "
INITIALS = r"\p{Lu}(?:\. ?|\s)\p{Lu}(?:\. ?|\s)\p{Lu}[\p{L}'’-]*\p{Ll}[\p{L}]*"
TITLED_INITIAL = (
    r"(?:(?:(?:(?:Frau|Herrn?) )?(?:Prof(?:essor)?\.?,? )?(?:Dr|Prof(?:essor)?|Doctor|Doc|Mr|Mrs|Ms|Miss"
    r"|Mx|Sir|Dame|Frau|Herrn?)(?:\.? (?:med|rer\. nat|phil|h\.? ?c)\.?)?)\.? |Prof|Dr)\p{Lu}"
)
SIGNS = (
    r"(?:(?:(?:(?:Frau|Herrn?) )?(?:Prof(?:essor)?\.?,? )?(?:Dr|Prof(?:essor)?|Doctor|Doc|Mr|Mrs|Ms|Miss"
    r"|Mx|Sir|Dame|Frau|Herrn?)(?:\.? (?:med|rer\. nat|phil|h\.? ?c)\.?)?)|Lord|Lady|Baroness|President"
    r"|Senator|Judge|(?:Chief )?Justice|Governor|Mayor|Pope|King|Queen|Prince|Princess|Aunt|Uncle|Tante"
    r"|Onkel|Don|Doña|Señora?|Sra?\.|Srta\.|Madame|Monsieur)s?\.? \p{Lu}|(?:Prof|Dr)\p{Lu}|\p{Lu}(?:\. ?"
    r"|\s)\p{Lu}(?:\. ?|\s)\p{Lu}"
)
CALLED = (
    r"(?i)(?:(?:\A|[.!?…\n]\s*|[(,\s])(?:hi|hello|hey|dear|thanks?|thank you|thx|cheers|ty|agreed?|agree with"
    r"|with you|in reply to|replying to|sorry|congrats|congratulations|welcome|well said|well put|well done"
    r"|well played|(?:good|great|fair) (?:point|question)|(?:good|nice|great) (?:catch|one|find|work|job)"
    r"|exactly|yes|yeah|no|ok|okay|(?:ah |very )?nice|good luck|bravo|amen|rip|kudos to|props to|bless you"
    r"|no rush|no worries|you['’]?re right|same here|true|right|wow|oh|ah|sure|cc|second(?:ing)?"
    r"|danke(?:schön)?|vielen dank|besten dank|lieben dank|hallo|moin|servus|liebe[rs]?|stimmt|genau|ja|nein"
    r"|ach|super|gute (?:frage|besserung|idee)|guter punkt|tut mir leid|glückwunsch|grüß dich|entschuldige"
    r"|dir|euch|(?:muchas |mil )?gracias|hola|buenas|buenos días|querid[oa]|sí|claro|exacto|perdona|perdón"
    r"|oye|mira|ay|ánimo|enhorabuena|felicidades|genial|suerte|besos|un saludo|saludos|merci(?: beaucoup)?"
    r"|bonjour|salut|chère?|oui|non|désolée?|@)[,!:]?(?: again| nochmal| otra vez)?(?: (?:for this|so much"
    r"|very much|a lot|an dich|auch|sehr|dir))?,? ?(?:to |an |a )?|, ?|@)\Z"
)
THANKED = (
    r"(?i)(?:\A|[^\p{L}])(?:thanks|thank you|danke|gracias|merci|hi|hello|hey|hola|hallo|dear|liebe[r]?"
    r"|querid[oa]) \Z"
)
CALLED_FIRST = r"\A\s*@?\Z|[.!?…] ?\Z| {2}\Z"
FIRST_FOLLOW = (
    r"\A(?:\s?[,:!–—-]| (?:you|your|you['’]re|thanks|thank you|please|du|dein|deine|ihr|danke|wie|kannst"
    r"|tú|tu|te|gracias|puedes|merci|vous)\b)"
)
CALL_ENDS = r"\A\s?(?:[.!?,…;:)–—]|-\s|\s-|\n|\Z|\p{Extended_Pictographic})"
TELLS = (
    r"(?i)\A(?:['’]s (?:comment|post|point|question|reply|answer|suggestion|remark|idea|link|message"
    r"|story|experience)|,? (?:said|says|mentioned|wrote|writes|asked|asks|pointed out|suggested|suggests"
    r"|replied|noted|notes|posted|commented|above|below|schrieb|schreibt|sagte?|meinte?|hat geschrieben"
    r"|oben|dijo|dice|comentó|comenta|escribió))\b"
)
SURNAME = (
    r"\A( (?:\p{Lu}\.? )?(?:(?:van|von|de|der|den|di|da|del|al|bin"
    r"|el) )*\p{Lu}[\p{L}'’-]+)(?:[^\p{L}\p{N}_]|\Z)"
)
ISOLATED_BEFORE = r"(?:\A|[^\p{L}\p{N}_'’/@#.&-]|[\p{L}\p{N}][.] |\n)\Z"
OTHER_NAME_BEFORE = (
    r"\b(?:(?:(?:(?:(?:Frau|Herrn?) )?(?:Prof(?:essor)?\.?,? )?(?:Dr|Prof(?:essor)?|Doctor|Doc|Mr|Mrs|Ms"
    r"|Miss|Mx|Sir|Dame|Frau|Herrn?)(?:\.? (?:med|rer\. nat|phil|h\.? ?c)\.?)?)|Lord|Lady|Baroness"
    r"|President|Senator|Judge|(?:Chief )?Justice|Governor|Mayor|Pope|King|Queen|Prince|Princess|Aunt"
    r"|Uncle|Tante|Onkel|Don|Doña|Señora?|Sra?\.|Srta\.|Madame|Monsieur)|St|Saint|San|Santa|Mount|Lake"
    r"|Fort|Port|New|North|South|East|West)\.? \Z|\b\p{Lu}\. \Z"
)
NAME_BEFORE = r"(?:\A|[^\p{L}])(\p{Lu}[\p{L}'’-]*) \Z"
SURNAME_AFTER = r"\A (?:(?:van|von|de|del|di|da) )?\p{Lu}[\p{Ll}'’]"
WITHIN = r"[\p{Ll},;] \Z"
TITLE = (
    r"(?:(?:(?:Frau|Herrn?) )?(?:Prof(?:essor)?\.?,? )?(?:Dr|Prof(?:essor)?|Doctor|Doc|Mr|Mrs|Ms|Miss|Mx"
    r"|Sir|Dame|Frau|Herrn?)(?:\.? (?:med|rer\. nat|phil|h\.? ?c)\.?)?)"
)
DEGREES = (
    r"(?i),? (?:m\.?d|ph\.?d|d\.?phil|mrcp|frcp|r\.?n|esq|j\.?d|m\.?sc|msc|mph|jr|sr|ii|iii)\.?\Z"
)
NAME_LIKE = (
    r"\A\p{Lu}\p{Ll}+(?:-\p{Lu}?\p{Ll}+)?(?: \p{Lu}(?:['’]?\p{Lu}?\p{Ll}+(?:\p{Lu}\p{Ll}+)?(?:-\p{Lu}?\p{L"
    r"l}+)?|\.)?)+\Z"
)
SHORT_NAME = r"\A[\p{L}\p{M}.'_0-9-]{3,}\Z|\A[\p{Han}\p{Hangul}\p{Katakana}\p{Hiragana}]{2,}\Z"
NAME_START = r"\A[[\p{Lu}\p{Lo}]--[\p{Han}\p{Hiragana}\p{Thai}\p{Lao}\p{Khmer}\p{Myanmar}]]"
CAPITALISED = (
    r"[[\p{Lu}\p{Lo}@]--[\p{Han}\p{Hiragana}\p{Thai}\p{Lao}\p{Khmer}\p{Myanmar}]][\p{L}\p{N}\p{M}_--[\p{Ha"
    r"n}\p{Hiragana}\p{Thai}\p{Lao}\p{Khmer}\p{Myanmar}]]*"
)
PHRASE = (
    r"[\p{Ll},;:] [[\p{Lu}\p{Lo}@]--[\p{Han}\p{Hiragana}\p{Thai}\p{Lao}\p{Khmer}\p{Myanmar}]][\p{L}\p{N}\p"
    r"{M}_--[\p{Han}\p{Hiragana}\p{Thai}\p{Lao}\p{Khmer}\p{Myanmar}]]*(?: [[\p{Lu}\p{Lo}@]--[\p{Han}\p{Hir"
    r"agana}\p{Thai}\p{Lao}\p{Khmer}\p{Myanmar}]][\p{L}\p{N}\p{M}_--[\p{Han}\p{Hiragana}\p{Thai}\p{Lao}\p{"
    r"Khmer}\p{Myanmar}]]*)*"
    r"|[[\p{Lu}\p{Lo}@]--[\p{Han}\p{Hiragana}\p{Thai}\p{Lao}\p{Khmer}\p{Myanmar}]][\p{L}\p{N}\p{M}_--[\p{H"
    r"an}\p{Hiragana}\p{Thai}\p{Lao}\p{Khmer}\p{Myanmar}]]*(?:(?: [[\p{Lu}\p{Lo}@]--[\p{Han}\p{Hiragana}\p"
    r"{Thai}\p{Lao}\p{Khmer}\p{Myanmar}]][\p{L}\p{N}\p{M}_--[\p{Han}\p{Hiragana}\p{Thai}\p{Lao}\p{Khmer}\p"
    r"{Myanmar}]]*)+| (?:said|says|mentioned|wrote|writes|asked|asks|pointed out|suggested|suggests"
    r"|replied|noted|notes|posted|commented|above|below|schrieb|schreibt|sagte?|meinte?|hat geschrieben"
    r"|oben|dijo|dice|comentó|comenta|escribió|you|your|you['’]re|thanks|thank you|please|du|dein|deine"
    r"|ihr|danke|wie|kannst|tú|tu|te|gracias|puedes|merci|vous|and|has|had|is|was|will|would|did|does|do|got|gave|made|can|could"
    r"|should|thinks|knows|told|hat|ist|war|tiene|est[áa])|[^ @\p{L}\p{N}\p{M}_]|\Z)"
)
UNFENCED = (
    r"(?m)\A(?:(?:@\w[\w.]*(?:\([^\n]*\))?[ \t]*\n)*(?:(?:async )?def \w+\([^\n]*"
    r"|class \w+(?:\([^\n]*\))?:[ \t]*|(?:async )?(?:for|while|if|with|try)\b[^\n]*:[ \t]*|(?:pub |async "
    r"|export |static |public |private )*(?:fn|func|function|class|void|struct|interface"
    r"|impl)\b[^\n]*\{[ \t]*)\n(?:[ \t]*\n)*[ \t]+[^\n]+(?:\n(?:[ \t]*\n)*[ \t]+[^\n]+)*(?:\n[ \t]*[)}\]]+"
    r";?[ \t]*(?:\Z|\n))*|(?:[^\n]*[(){}=<>\[\]][^\n]*[;{}][ \t]*(?:\n|\Z)){2,})"
)
OTHER_ADDRESS = (
    r"(?:[A-Za-z][A-Za-z0-9+.-]*://[^\s<>\"”»`﷑]+"
    r"|[A-Za-z0-9_.-]+@[A-Za-z0-9][A-Za-z0-9.-]*:[A-Za-z~/][^\s<>\"”»`﷑]*)"
)
PHONE = (
    r"(?:\+|\(\+)[0-9][0-9 ()./-]{6,20}[0-9]|00[1-9][0-9 ()./-]{7,20}[0-9]"
    r"|\([2-9][0-9]{2}\) ?[0-9]{3}[-. ][0-9]{4}|[2-9][0-9]{2}[-.][0-9]{3}[-.][0-9]{4}"
    r"|0[0-9]{2,4}[ -][0-9]{3,4}[ -]?[0-9]{3,4}|0[0-9]{2,5}[ /-]{1,3}[0-9]{3,8}(?:[ -][0-9]{2,5}){0,3}"
    r"|[6789][0-9]{2}[ .-][0-9]{3}[ .-][0-9]{3}|[6789][0-9]{2}(?: [0-9]{2}){3}|0[1-9](?:[ .][0-9]{2}){4}"
    r"|[6789][0-9]{8}"
)
SERVICE = r"116 ?117|112|911|999|110|988|111|101|116 ?1[12][0-9]"
CALLING = (
    r"(?i)(?:\b(?:call|calls|called|calling|dial\w*|ring|rang|phone|text|number|hotline|lifeline|helpline"
    r"|ruf\w*|anruf\w*|angerufen|wähl\w*|notruf|nummer|unter der|erreich\w*|llam\w+|marc\w+|teléfono"
    r"|tel\.?|tfno\.?|whatsapp|wasap|móvil|handy|mobil|telefon|appel\w*|numéro)\b[^.!?\n]{0,30}\Z"
    r"|(?:dienst|zentrale|hilfe)\b[^.!?\n]{0,20}\Z|: \Z|☎\W*\Z|📞\W*\Z)"
)
CODE_WORD_AFTER = (
    r"(?i)\A(?:['’]?d)? (?:decorators?|annotations?|macros?|directive|attribute|property|method"
    r"|functions?|class|tag|rule)\b"
)
CODE_WORD_BEFORE = (
    r"(?i)\b(?:decorator|annotation|annotated with|decorated with|directive|macro|css|decorators"
    r"|annotations)\s\(?\Z"
)
SPEECH = (
    r"(?i)\b(?:said|says?|saying|told|tells?|asked|asks?|wrote|writes?|replied|replies|answered|claims?"
    r"|claimed|quoted?|quoting|stated?|states|mentioned|explained|according to|commented|reads|thought|goes"
    r"|went|was like|insist(?:s|ed)?|argue[sd]?|warn(?:s|ed)?|announced|shout(?:s|ed)?|yell(?:s|ed)?|text(?:s"
    r"|ed)|dijo|dij[ei]ron|dicen?|dec[ií]an?|contest[óa]|respondi[óo]|pregunt[óa]|coment[óa]|escribió"
    r"|grit[óa]|según|dit|disent|demande|sagt|sagte[nr]?|sagen|gesagt|meint|meinte[nr]?|schrieb(?:en)?"
    r"|schreibt|fragte?|antwortete?|rief|laut)\b[^.!?\n]{0,25}(?:[^.!?\n]{0,45}:\s?)?\Z"
)
LITERAL = r"\A.\S*[@_=/\\{}<>|]\S*.\Z"
CITED = (
    r"(?:(?:van|von|de|den|der|del|di|la|le|ten|ter) )*\p{Lu}[\p{L}'’-]*\p{Ll}(?:-\p{Lu}\p{L}+)?"
)
NAMES_AND_YEAR = (
    r"(?:(?:van|von|de|den|der|del|di|la|le|ten"
    r"|ter) )*\p{Lu}[\p{L}'’-]*\p{Ll}(?:-\p{Lu}\p{L}+)?(?:, (?:(?:van|von|de|den|der|del|di|la|le|ten"
    r"|ter) )*\p{Lu}[\p{L}'’-]*\p{Ll}(?:-\p{Lu}\p{L}+)?)*,? (?:and|&|und|y|et|e) (?:(?:van|von|de|den|der"
    r"|del|di|la|le|ten|ter) )*\p{Lu}[\p{L}'’-]*\p{Ll}(?:-\p{Lu}\p{L}+)?(?:,? \((?:19|20)[0-9]{2}[a-z]?\)"
    r"|,? (?:19|20)[0-9]{2}[a-z]?)"
)
NO_AUTHORS = (
    r"(?:January|February|March|April|May|June|July|August|September|October|November|December|Spring"
    r"|Summer|Autumn|Fall|Winter|Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday|Januar|Februar"
    r"|Windows|Android|Section|Article|Chapter|Figure|Table|England|Wales|Scotland|Ireland|France|Germany"
    r"|Spain|Italy|Sweden|Norway|Denmark|Finland|Canada|Mexico|China|Japan|India|Britain|America|States"
    r"|Europe|Africa|Asia|London|Paris|Berlin)"
)
SOMEBODY_IS = (
    r"(?i)\b(?:(?:son|sons|daughters?|kids?|child|children|baby|toddler|boys?|girls?|brothers?|sisters?"
    r"|mother|mom|mum|father|dad|wife|husband|partner|boyfriend|girlfriend|bf|gf|fianc[eé]e?|niece|nephew"
    r"|grandson|granddaughter|uncle|aunt|cousin|twins?|grand(?:child(?:ren)?|kids?)|friend|man|woman|guy"
    r"|female|male|patient|dog|cat|me|i|sohn|söhne|sohnemann|tochter|töchter|kind|kinder|kindern|baby|zwerg"
    r"|junge|mädchen|bruder|schwester|mutter|mama|vater|papa|frau|mann|enkel|enkelin|neffe|nichte|freund"
    r"|freundin|zwillinge|großer?|kleiner?|hij[oa]s?|niñ[oa]s?|bebé|peque|pequeñ[oa]s?|chic[oa]s?|herman[oa]"
    r"|madre|padre|marido|mujer|esposa|novi[oa]|niet[oa]s?|sobrin[oa]s?|abuel[oa]|tí[oa]|prim[oa]|amig[oa]"
    r"|hombre|perr[oa]|gat[oa]|fils|filles?|enfants?|bébé|mari|femme|mère|père|frère|s[oœ]eur|neveu|copain"
    r"|copine|mine|youngest|oldest|eldest|middle one)(?:['’]s| is| was| are| were|(?: just)? turned| turns)"
    r"|(?:Dr|Prof|Mr|Mrs|Ms|Frau|Herr)\.? [\p{L}'’-]+ (?:is|was|turned)) (?:now |only |just |nearly "
    r"|almost )?[1-9][0-9]"
)
SUPPOSED = (
    r"(?i)(?:\b(?:he|she|I|you|who|son|sons|daughters?|kids?|child|children|baby|toddler|boys?|girls?"
    r"|brothers?|sisters?|mother|mom|mum|father|dad|wife|husband|partner|boyfriend|girlfriend|bf|gf"
    r"|fianc[eé]e?|niece|nephew|grandson|granddaughter|uncle|aunt|cousin|twins?|grand(?:child(?:ren)?|kids?)"
    r"|friend|man|woman|guy|female|male|patient|dog|cat|me|i|sohn|söhne|sohnemann|tochter|töchter|kind|kinder"
    r"|kindern|baby|zwerg|junge|mädchen|bruder|schwester|mutter|mama|vater|papa|frau|mann|enkel|enkelin|neffe"
    r"|nichte|freund|freundin|zwillinge|großer?|kleiner?|hij[oa]s?|niñ[oa]s?|bebé|peque|pequeñ[oa]s?"
    r"|chic[oa]s?|herman[oa]|madre|padre|marido|mujer|esposa|novi[oa]|niet[oa]s?|sobrin[oa]s?|abuel[oa]"
    r"|tí[oa]|prim[oa]|amig[oa]|hombre|perr[oa]|gat[oa]|fils|filles?|enfants?|bébé|mari|femme|mère|père|frère"
    r"|s[oœ]eur|neveu|copain|copine)(?:['’]d|['’]ll| would| must| will| might| could| should)(?: probably"
    r"| still)?|\b(?:[Mm]ust|[Ww]ould|[Ww]ill))(?: now| only)? (?:be|have been) (?:about |around |almost "
    r"|nearly |at least |like |over )?[1-9][0-9](?: or [1-9][0-9])?"
)
IS_SPELT = (
    r"(?i)\b(?:I|he|she|who|son|sons|daughters?|kids?|child|children|baby|toddler|boys?|girls?|brothers?"
    r"|sisters?|mother|mom|mum|father|dad|wife|husband|partner|boyfriend|girlfriend|bf|gf|fianc[eé]e?|niece"
    r"|nephew|grandson|granddaughter|uncle|aunt|cousin|twins?|grand(?:child(?:ren)?|kids?)|friend|man|woman"
    r"|guy|female|male|patient|dog|cat|me|i|sohn|söhne|sohnemann|tochter|töchter|kind|kinder|kindern|baby"
    r"|zwerg|junge|mädchen|bruder|schwester|mutter|mama|vater|papa|frau|mann|enkel|enkelin|neffe|nichte"
    r"|freund|freundin|zwillinge|großer?|kleiner?|hij[oa]s?|niñ[oa]s?|bebé|peque|pequeñ[oa]s?|chic[oa]s?"
    r"|herman[oa]|madre|padre|marido|mujer|esposa|novi[oa]|niet[oa]s?|sobrin[oa]s?|abuel[oa]|tí[oa]|prim[oa]"
    r"|amig[oa]|hombre|perr[oa]|gat[oa]|fils|filles?|enfants?|bébé|mari|femme|mère|père|frère|s[oœ]eur|neveu"
    r"|copain|copine|mine|youngest|oldest|eldest)(?:['’]s|['’]m| is| am| was| are| were| turned) (?:only "
    r"|just |about |nearly |almost |like |maybe )?(?:two|three|four|five|six|seven|eight|nine|ten|eleven"
    r"|twelve|(?:thir|four|fif|six|seven|eigh|nine)teen|(?:twenty|thirty|forty|fifty|sixty|seventy"
    r"|eighty)(?:-(?:one|two|three|four|five|six|seven|eight|nine))?)"
)
SPELT_ENDS = (
    r"(?i)\A(?:\s*\Z|\s?[.,;!?)…—–](?:[^\p{N}]|\Z)| (?:when|and (?:I|he|she|my|we|a|the)|or so|at the time"
    r"|then|now|in)\b)"
)
SPELT_SIGNS = (
    r"(?:was|is|'m|am|'s|were|are|turned) (?:only |just )?(?:t(?:wo|hr|en|we|hi)|f(?:our|i[vf])|si[xe]|seve"
    r"|eigh|nine|elev)"
)
WHEN = (
    r"(?i)\b(?:when|since) (?:I|he|she|we|they) (?:was|were) (?:(?:like|about|around|only|just|maybe|barely"
    r"|almost) )*[1-9][0-9]?(?: or [1-9][0-9]?)?"
)
SMALL = r"[1-9](?:½| 1/2|\.5)?"
SMALL_IS_BEFORE = (
    r"(?i)\b(?:son|sons|daughters?|kids?|child|children|baby|toddler|boys?|girls?|brothers?|sisters?|mother"
    r"|mom|mum|father|dad|wife|husband|partner|boyfriend|girlfriend|bf|gf|fianc[eé]e?|niece|nephew|grandson"
    r"|granddaughter|uncle|aunt|cousin|twins?|grand(?:child(?:ren)?|kids?)|friend|man|woman|guy|female|male"
    r"|patient|dog|cat|me|i|sohn|söhne|sohnemann|tochter|töchter|kind|kinder|kindern|baby|zwerg|junge|mädchen"
    r"|bruder|schwester|mutter|mama|vater|papa|frau|mann|enkel|enkelin|neffe|nichte|freund|freundin|zwillinge"
    r"|großer?|kleiner?|hij[oa]s?|niñ[oa]s?|bebé|peque|pequeñ[oa]s?|chic[oa]s?|herman[oa]|madre|padre|marido"
    r"|mujer|esposa|novi[oa]|niet[oa]s?|sobrin[oa]s?|abuel[oa]|tí[oa]|prim[oa]|amig[oa]|hombre|perr[oa]"
    r"|gat[oa]|fils|filles?|enfants?|bébé|mari|femme|mère|père|frère|s[oœ]eur|neveu|copain|copine|youngest"
    r"|oldest|eldest|mine)(?:['’]s| is| are| was| were|(?: just)? turned| turns)(?: now| only| just| nearly"
    r"| almost| about)? \Z"
)
YOUNG_AT = r"(?i)at (?:just |only )?[3-9]"
YOUNG_BEFORE = (
    r"(?i)\b(?:diagnosed|orphaned|adopted|emigrated|immigrated|came over|learned|learnt"
    r"|taught)\b[^.!?\n]{0,40}\Z"
)
APPOSED = r", [1-9][0-9]?"
APPOSED_BEFORE = (
    r"(?i)(?:\b(?:my|our|his|her|their|your|mein\w*|unser\w*|mi|mis|nuestr[oa]s?|ma|mon|mes|a"
    r"|the) (?:\p{L}+ )?(?:son|sons|daughters?|kids?|child|children|baby|toddler|boys?|girls?|brothers?"
    r"|sisters?|mother|mom|mum|father|dad|wife|husband|partner|boyfriend|girlfriend|bf|gf|fianc[eé]e?|niece"
    r"|nephew|grandson|granddaughter|uncle|aunt|cousin|twins?|grand(?:child(?:ren)?|kids?)|friend|man|woman"
    r"|guy|female|male|patient|dog|cat|me|i|sohn|söhne|sohnemann|tochter|töchter|kind|kinder|kindern|baby"
    r"|zwerg|junge|mädchen|bruder|schwester|mutter|mama|vater|papa|frau|mann|enkel|enkelin|neffe|nichte"
    r"|freund|freundin|zwillinge|großer?|kleiner?|hij[oa]s?|niñ[oa]s?|bebé|peque|pequeñ[oa]s?|chic[oa]s?"
    r"|herman[oa]|madre|padre|marido|mujer|esposa|novi[oa]|niet[oa]s?|sobrin[oa]s?|abuel[oa]|tí[oa]|prim[oa]"
    r"|amig[oa]|hombre|perr[oa]|gat[oa]|fils|filles?|enfants?|bébé|mari|femme|mère|père|frère|s[oœ]eur|neveu"
    r"|copain|copine)(?: \p{Lu}\p{Ll}+)?|(?:\A|[.!?\n]\s*)me|(?-i:\p{Lu}\p{Ll}+(?: \p{Lu}\.)? \p{Lu}\p{L}+))\Z"
)
AFTER_AGE = r"(?i)(?:after|before|until|till|by|past|to) [2-9][0-9]"
OF_LIFE = (
    r"(?i)\b(?:born|diagnos\w+|onset|begins?|began|start(?:ed|s)|symptoms?|die[ds]?|dying|lives?|lived"
    r"|retire\w*|marr(?:y|ied)|pregnan\w+|menopause|gave (?:me|him|her|us)|kids|children|disease|cancer"
    r"|relaps\w+)\b[^.!?\n]{0,60}\Z"
)
CLAUSE_FOLLOWS = (
    r"(?i)\A(?:\s*\Z|\s?[.,;:!?)\]…\"”—–-](?:\D|\Z)|\s+(?:and|but|or|so|with|when|who|which|that|i|he|she"
    r"|they|we|my|his|her|from|after|due|because|having|now|then|myself|himself|herself|too|already|today"
    r"|still|at the time|at that (?:time|point)|back then|in|years?[- ]old|this|next|last|were|was|is|had|has"
    r"|if|it|the)\b|\n)"
)
UNITS_FOLLOW = (
    r"\A(?:[0-9%°º]|[.,:/-][0-9]|\s?(?:%|percent|per cent|(?:years?|yrs?|months?|weeks?|days?|hours?|hrs?"
    r"|minutes?|mins?|seconds?|secs?|ms|s|h|am|pm|o['’]clock|mph|kph|km|miles?|metres?|meters?|m|cm|mm|feet"
    r"|foot|ft|inch(?:es)?|kg|g|mg|ml|lbs?|stone|pounds?|dollars?|euros?|degrees?|[cf]|fps|hz|khz|mhz|gb|mb"
    r"|kb|k|x|px|points?|times|times?|people|patients|comments|lines|out|of|st|nd|rd|th|per|to|different|more"
    r"|other)\b))"
)
NOT_AN_AGE = (
    r"(?i)\b(?:page|line|level|chapter|volume|speed|rate|running|run|runs|set|capped|caps?|priced|valued"
    r"|score[ds]?|stands?|sits?|arriv\w+|starts?|fps|temperature|port|room|number|version|step|index|offset"
    r"|row|column)\s*(?:is |was |it )?\Z"
)
MONTH_OF = r"(?i)\b(?:the|our|my|your|this|that|last|next|each|every) \Z"
DAY = (
    r"(?:(?:Mon|Tues?|Wed(?:nes)?|Thu(?:rs)?|Fri|Sat(?:ur)?|Sun)(?:day)?,? (?:the )?|the )[0-3]?[0-9](?:st|nd"
    r"|rd|th)"
)
BEFORE_DAY = r"(?i)(?:\b(?:on|by|until|till|since|from|before|after|of|for|and) |\A|[(,] ?)\Z"
DAY_ENDS = (
    r"(?i)\A(?:\s*\Z|\s?[.,;:!?)](?:\D|\Z)| (?:and|or|at|of (?:this|next|last)|i|we|he|she|it|they|for"
    r"|with)\b)"
)
HOLIDAY = (
    r"(?i)(?:this |last |next |since |at |on |by |before |after |until |till |around "
    r"|over )(?:the )?(?:Christmas(?: Eve| Day)?|Xmas|Easter|Thanksgiving|Halloween|New Year(?:['’]s)?(?: Eve"
    r"| Day)?|Hanukkah|Ramadan|Passover|Diwali)"
)
BEFORE_YEAR = (
    r"(?i)(?:\b(?:in|since|until|till|by|from|before|after|during|around|circa|year|years|early|mid|late"
    r"|summer|spring|autumn|fall|winter|back|through|of|between|and|or|to|as|the|for|our|my|his|her|their"
    r"|your|this|that|dated|built|born|died|b\.|d\.|ca?\.|pre|post|mid|about|nov\w*|dec\w*)[\s-]+(?:in\s+)?"
    r"|\(|\d[–-]|[,:;/]\s?|\n|\A\s*)\Z"
)
MADE_IN = (
    r"\A (?:\p{Ll}+ )?\b(?:\p{Lu}\p{Ll}|(?:house|home|car|truck|build\w*|paper|study|book|film|movie|article"
    r"|census|survey|case|law|ruling|trial|report|edition|model|song|album|election|war|map|photo\w*|letter"
    r"|interview|essay|post|talk|guitar|bike|ranch|bungalow|review|version|meta-analysis|cohort|decision"
    r"|speech|novel|poem|record|agreement|treaty)\b)"
)
DATE = (
    r"(?:19|20)[0-9]{2}-[01][0-9]-[0-3][0-9]|(?:19|20)[0-9]{2} (?:Jan(?:uary|\.)?|Feb(?:ruary|\.)?|Mar(?:ch"
    r"|\.)?|Apr(?:il|\.)?|May|June?|July?|Aug(?:ust|\.)?|Sept?(?:ember|\.)?|Oct(?:ober|\.)?|Nov(?:ember|\.)?"
    r"|Dec(?:ember|\.)?)(?: [0-3]?[0-9])?|[0-3]?[0-9](?:st|nd|rd|th)?(?: of)? (?:Jan(?:uary|\.)?|Feb(?:ruary"
    r"|\.)?|Mar(?:ch|\.)?|Apr(?:il|\.)?|May|June?|July?|Aug(?:ust|\.)?|Sept?(?:ember|\.)?|Oct(?:ober|\.)?"
    r"|Nov(?:ember|\.)?|Dec(?:ember|\.)?),?(?: (?:19|20)[0-9]{2})?|(?:Jan(?:uary|\.)?|Feb(?:ruary|\.)?"
    r"|Mar(?:ch|\.)?|Apr(?:il|\.)?|May|June?|July?|Aug(?:ust|\.)?|Sept?(?:ember|\.)?|Oct(?:ober|\.)?"
    r"|Nov(?:ember|\.)?|Dec(?:ember|\.)?),?(?: of)? (?:19|20)[0-9]{2}|(?:Jan(?:uary|\.)?|Feb(?:ruary|\.)?"
    r"|Mar(?:ch|\.)?|Apr(?:il|\.)?|May|June?|July?|Aug(?:ust|\.)?|Sept?(?:ember|\.)?|Oct(?:ober|\.)?"
    r"|Nov(?:ember|\.)?|Dec(?:ember|\.)?) [0-3]?[0-9](?:st|nd|rd|th)?(?:,? (?:19|20)[0-9]{2})?"
    r"|[0-3]?[0-9][/.][0-3]?[0-9][/.](?:19|20)[0-9]{2}"
)
BEFORE_SHORT_YEAR = (
    r"(?i)\b(?:the|my|our|his|her|that|in|since|from|of|until|till|by|before|after|around|summer|spring|fall"
    r"|autumn|winter) \Z"
)
OF_SOMEBODY = (
    r"\b(?:[Mm]y|[Oo]ur|[Hh]is|[Hh]er|[Tt]heir|[Yy]our|[Mm]i|[Tt]u|[Ss]u|[Mm]on|[Mm]a"
    r"|[Ss]a) (?:\p{Ll}+ ){0,2}(?:brother|sister|husband|wife|son|daughter|cousin|uncle|aunt|mother|father"
    r"|mum|mom|dad|partner|girlfriend|boyfriend|fianc[eé]e?|niece|nephew|grandson|granddaughter|grandmother"
    r"|grandfather|grandma|grandpa|friend|neighbou?r|colleague|boss|(?:mother|father|sister|brother)-in-law"
    r"|herman[oa]|hij[oa]|marido|mujer|amig[oa]|prim[oa]|vecin[oa]|novi[oa]|fils|fille|frère|s[oœ]ur"
    r"|mari),? \p{Lu}\p{Ll}+(?:-\p{Lu}?\p{Ll}+)?(?: \p{Lu}\p{Ll}+)?"
)
NAMED = (
    r"(?:man|woman|guy|girl|boy|lady|kid|friend|colleague|neighbou?r|person|someone|somebody|doctor|nurse"
    r"|teacher|fellow|chap|bloke|dude|player|artist|writer|author|engineer|developer|researcher|patient"
    r"|cousin|uncle|aunt|brother|sister|son|daughter|child|baby|student"
    r"|lawyer"
    r"|professor) (?:\p{Ll}+ )?(?:named|called) \p{Lu}\p{Ll}+(?: \p{Lu}\p{Ll}+)?"
)
SPEAKS = (
    r"\p{Lu}\p{Ll}{2,}(?: \p{Lu}\.)? \p{Lu}[\p{Ll}'’]\p{L}+ (?:said|says|wrote|writes|told|argue[sd]|claims"
    r"|claimed|explain(?:s|ed)|puts? it|once (?:said|wrote)|has (?:said|written|argued)|pointed out|thinks"
    r"|tweeted|testified|recalls?)"
)
SPEAKS_SIGNS = (
    r" (?:said|says|wrote|writes|told|argue|claim|explain|put|once|has|pointed|think"
    r"|tweeted|testified|recall)"
)
NOT_NAMES = (
    r"\A(?:The|This|That|These|Those|My|Our|Your|His|Her|Their|An?|And|But|If|When|While|Then|New|North|South"
    r"|East|West|Saint|San|Los|Las|Stack|Red|Open|Google|Apple|Microsoft|Amazon|Hacker|Wall|Washington|United"
    r"|General|National|American|British|European|Royal|Big|Deep|Sky|Fox|Daily|Sunday|Guardian|Meta|Bank"
    r"|World|Federal|Supreme|White|Public|Human|Customer|Tech|Linux|Mozilla|Oracle|Intel|Santa|Mount|Fort"
    r"|Lake|Even|Some|Every|Most|Both|As|So|Dear|Thanks|Hi|Hey)\b| (?:Overflow|Hat|Research|Systems?|Labs?"
    r"|Group|Teams?|Support|Inc|Corp|Ltd|Times|Post|News|Journal|Court|Police|Office|Department|Ministry"
    r"|University|College|School|Hospital|Bank|Foundation|Institute|Council|Committee|Commission|Union|Party"
    r"|House|Street|Board|Agency|Association|Society|Church|Club|County|City|State|States|Press|Media"
    r"|Magazine|Review|Report|Act|Street|Health|Service|Services|Desk|Security|Software|Engineering|Airlines"
    r"|Motors|Insurance|Legal|Guy|Lady) \p{Ll}"
)
SMALL_FIRST = (
    r"\A(?:(?:[Ss]econding|[Tt]hanks|[Tt]hank you|[Hh]i|[Hh]ey|[Hh]ello|[Aa]gree with|[Yy]es|[Yy]eah|[Nn]o"
    r"|[Ss]orry|[Ll]ol),? )?([a-z][A-Za-z0-9_\x03]{3,})[ ,!:.]"
)
SMALL_LAST = r"(?:, |hanks? |gree with |econding |hi |hey |hello |thank you |@)([a-z][A-Za-z0-9_\x03]{3,})[.!?]*\Z"
REPLIES = (
    r"yes|yeah|yep|yup|no|nope|nah|ouch|lol|haha+|wow|oh|ok|okay|thx|ty|sorry|same|agreed?|exactly|i|i['’]m"
    r"|i['’]d|i['’]ve|i['’]ll|what|how|why|when|where|which|who|if|did|do|does|can|could|would|are|have"
    r"|that['’]s|it['’]s|there['’]s|this|great|good|nice|congrats|welcome|hi|hello|so|well|right|true|ja|nein"
    r"|ich|was|wo|warum|super|sí|no|qué|cómo|yo|oui|non|je"
)
PREDICATES = (
    r"and|is|was|has|had|did|does|do|will|would|can|can['’]t|could|should|might|must|got|gave|made|makes"
    r"|thinks|knows|took|won|went|came|puts?|found|shows?|showed|argues?|gets|hat|ist|war|wird|kann|tiene|es"
    r"|fue|puede|quiere|cree|est|était"
)
TEXT_STARTS = r"\A\s*@?\Z"
SURE_FOLLOW = (
    r"\A(?:['’]s? | (?:and|is|was|has|had|did|does|do|will|would|can|can['’]t|could|should|might|must|got"
    r"|gave|made|makes|thinks|knows|took|won|went|came|puts?|found|shows?|showed|argues?|gets|hat|ist|war"
    r"|wird|kann|tiene|es|fue|puede|quiere|cree|est|était)\b)"
)
REPLY_FOLLOW = (
    r"(?i)\A (?:yes|yeah|yep|yup|no|nope|nah|ouch|lol|haha+|wow|oh|ok|okay|thx|ty|sorry|same|agreed?|exactly"
    r"|i|i['’]m|i['’]d|i['’]ve|i['’]ll|what|how|why|when|where|which|who|if|did|do|does|can|could|would|are"
    r"|have|that['’]s|it['’]s|there['’]s|this|great|good|nice|congrats|welcome|hi|hello|so|well|right|true|ja"
    r"|nein|ich|was|wo|warum|super|sí|no|qué|cómo|yo|oui|non|je)\b"
)
STARTS = r"\A\s*\Z|[.!?…:] ?\Z|\n\s*\Z"
MARKED_END = r"\A[!?:,;.]"
SPEECH_BESIDE = (
    r"(?i)\b(?:said|says?|asked|wrote|writes|replied|answered|told (?:me|him|her|us|them)|shouted|yelled|goes"
    r"|went|was like|dijo|dice|sagte?|schrieb|dit)[,:]? ?\Z"
)
QUOTED = r'"[^"\n]+"|“[^“”\n]+[”"]|„[^„“”"\n]+[“”"]|«[^«»\n]+»|「[^「」\n]+」|『[^『』\n]+』'
ET_AL = (
    r"\p{Lu}[\p{L}'’-]+(?:, \p{Lu}[\p{L}'’-]+)*(?:,? (?:and|&) \p{Lu}[\p{L}'’-]+)?,? et al\.?,? ?(?:\((?:19"
    r"|20)[0-9]{2}[a-z]?\)|(?:19|20)[0-9]{2}[a-z]?)"
)
ORG = (
    r"(?:(?:[A-Z\u00c0-\u00de](?:[A-Za-z\u00c0-\u024f]|['’&.-])*[A-Za-z\u00c0-\u024f] ){1,4}(?:Universit(?:y"
    r"|ies)|Universität|Universidad|Université|Hochschule|College|Institutes?|Institut|Instituto|Foundation"
    r"|Fundación|Stiftung|Association|Asociación|Society|Gesellschaft|Hospital|Krankenhaus|Kinderkrankenhaus"
    r"|Klinikum|Uniklinik|Clinic|Council|Commission|Agency|Ministry|Ministerio|Court|Academy|Federation"
    r"|Laborator(?:y|ies)|Authority)(?: (?:of|for|de|del|de la|de los|für|des"
    r"|der)(?: the)? [A-Z\u00c0-\u00de](?:[A-Za-z\u00c0-\u024f]|['’&.-])*[A-Za-z\u00c0-\u024f](?: (?:(?:and"
    r"|of|&|y|de) )?[A-Z\u00c0-\u00de](?:[A-Za-z\u00c0-\u024f]|['’&.-])*[A-Za-z\u00c0-\u024f]){0,3})?"
    r"|(?:Universit(?:y|ies)|Universität|Universidad|Université|Hochschule|College|Institutes?|Institut"
    r"|Instituto|Foundation|Fundación|Stiftung|Association|Asociación|Society|Gesellschaft|Hospital"
    r"|Krankenhaus|Kinderkrankenhaus|Klinikum|Uniklinik|Clinic|Council|Commission|Agency|Ministry|Ministerio"
    r"|Court|Academy|Federation|Laborator(?:y|ies)|Authority) (?:(?:of|for|de|del|de la|de los|für|des"
    r"|der)(?: the)? )?[A-Z\u00c0-\u00de](?:[A-Za-z\u00c0-\u024f]|['’&.-])*[A-Za-z\u00c0-\u024f](?: (?:(?:and"
    r"|of|&|y|de) )?[A-Z\u00c0-\u00de](?:[A-Za-z\u00c0-\u024f]|['’&.-])*[A-Za-z\u00c0-\u024f]){0,3}"
    r"|(?:[A-Z\u00c0-\u00de](?:[A-Za-z\u00c0-\u024f]|['’&.-])*[A-Za-z\u00c0-\u024f] ){1,3}(?:Inc|Ltd|LLC|GmbH"
    r"|Corp|PLC|S\.A)\b\.?)"
)
NOT_PART = (
    r"\A(?:(?:The|This|That|My|Our|Your|His|Her|Their|An?|And|But|If|At|In|From|To|When|Is|Was|Since|While"
    r"|Also|Some|Every|Any|Most|Der|Die|Das|Eine?|El|La|Los|Las|Una?) )+"
)
COURT_CASE = (
    r"(?:[A-Z\u00c0-\u00de](?:[A-Za-z\u00c0-\u024f]"
    r"|['’&.-])*[A-Za-z\u00c0-\u024f] ){1,4}v\.? (?:[A-Z\u00c0-\u00de](?:[A-Za-z\u00c0-\u024f]"
    r"|['’&.-])*[A-Za-z\u00c0-\u024f])(?: (?:(?:of|and|&) )?[A-Z\u00c0-\u00de](?:[A-Za-z\u00c0-\u024f]"
    r"|['’&.-])*[A-Za-z\u00c0-\u024f]){0,3}(?:, (?:No\.|[0-9]+ [A-Z]\.)[^\s,;]*(?: [0-9-]+)?)?"
)
LAW_CODE = (
    r"[0-9]+ U\.? ?S\.? ?C\.? (?:§+ ?)?[0-9]+[a-z]?(?:\([a-z0-9]\))*"
    r"|§+ ?[0-9]+[a-zA-Z]?(?:[.-][0-9]+)*(?:\([a-z0-9]+\))*(?: (?:Abs\. ?[0-9]+ )?(?:BGB|StGB|GG|SGB|ZPO|StVO"
    r"|HGB))?"
)
ACT = (
    r"(?:[A-Z\u00c0-\u00de](?:[A-Za-z\u00c0-\u024f]"
    r"|['’&.-])*[A-Za-z\u00c0-\u024f] (?:\([^()\n]{3,40}\) )?(?:(?:and|of|to|for"
    r"|in) )?){1,5}Act(?: (?:of )?(?:1[5-9]|20)[0-9]{2})?"
)
SITE_ABROAD = (
    r"[a-z0-9][a-z0-9-]*(?:\.[a-z0-9][a-z0-9-]*)+\.(?:de|es|fr|se|nl|it|eu|ch|ca|at|pl|dk"
    r"|ie)(?:/[^\s<>\"”“«»`﷑]*)?|[a-z0-9][a-z0-9-]*\.(?:de|es|fr|se|nl|it|eu|ch|ca|at|pl|dk"
    r"|ie)/[^\s<>\"”“«»`﷑]*"
)
SITE = r"[a-z0-9][a-z0-9.-]*\.(?:com|org|net|edu|gov|(?:co|ac|org|gov|nhs)\.uk|io|dev|app)(?:/[^\s<>\"”“«»`﷑]*)?"
COURT_CASE = (
    r"(?:[A-Z\u00c0-\u00de](?:[A-Za-z\u00c0-\u024f]"
    r"|['’&.-])*[A-Za-z\u00c0-\u024f] ){1,4}v\.? (?:[A-Z\u00c0-\u00de](?:[A-Za-z\u00c0-\u024f]"
    r"|['’&.-])*[A-Za-z\u00c0-\u024f])(?: (?:(?:of|and|&) )?[A-Z\u00c0-\u00de](?:[A-Za-z\u00c0-\u024f]"
    r"|['’&.-])*[A-Za-z\u00c0-\u024f]){0,3}(?:, (?:No\.|[0-9]+ [A-Z]\.)[^\s,;]*(?: [0-9-]+)?)?"
)
LAW_CODE = (
    r"[0-9]+ U\.? ?S\.? ?C\.? (?:§+ ?)?[0-9]+[a-z]?(?:\([a-z0-9]\))*"
    r"|§+ ?[0-9]+[a-zA-Z]?(?:[.-][0-9]+)*(?:\([a-z0-9]+\))*(?: (?:Abs\. ?[0-9]+ )?(?:BGB|StGB|GG|SGB|ZPO|StVO"
    r"|HGB))?"
)
BARE_ABROAD = (
    r"[a-z0-9][a-z0-9-]*(?:\.[a-z0-9][a-z0-9-]*)+\.(?:de|es|fr|se|nl|it|eu|ch|ca|at|pl|dk"
    r"|ie)(?:/[^\s<>\"”“«»`﷑]*)?|[a-z0-9][a-z0-9-]*\.(?:de|es|fr|se|nl|it|eu|ch|ca|at|pl|dk"
    r"|ie)/[^\s<>\"”“«»`﷑]*"
)
OF_COURT = (
    r"(?i)\b(?:Inc|Co|Corp|Ltd|County|State|States|Board|City|Department|University|Commission|Authority"
    r"|Union|Bank|Crown)\b"
)
COURT_BEFORE = (
    r"(?i)\b(?:see|cf\.?|under|cit(?:es?|ing|ed)|case of|court in|overrul\w+|(?:dissent|concurrence|holding"
    r"|opinion|ruling|decision|judge?ment|thing|held|case) (?:in|of|on|under)|(?:post|case|law) (?:about|on)"
    r"|since|after|before) \Z"
)
COURT_AFTER = r"\A(?:,? [0-9(§]|,? No\b|\. [0-9]{4}\b)"
