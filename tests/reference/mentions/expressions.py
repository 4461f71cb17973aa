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
    r"(?i)(?:I['’]?m|I am|he['’]s|she['’]s|you['’]re|(?:he|she|I|you|who) (?:is|was|were|are)|(?:am|is"
    r"|was|are) (?:now|only|just)|(?:I|he|she|just|recently)(?: (?:just|recently|have|has))? turned"
    r"|turning) (?:now |only |just |nearly |almost )?[1-9][0-9]"
)
AGE_AT = r"(?i)at (?:just |only )?(?:1[0-9]|[2-9][0-9])"
AGE_WAS = r"(?i)ages? [^.!?\n]{0,60}?(?:was|were|is|:) [1-9][0-9]"
KIN = (
    r"son|sons|daughters?|kids?|child|children|baby|toddler|boys?|girls?|brothers?|sisters?|mother|mom"
    r"|mum|father|dad|wife|husband|partner|boyfriend|girlfriend|bf|gf|fianc[eé]e?|niece|nephew|grandson"
    r"|granddaughter|uncle|aunt|cousin|friend|man|woman|guy|female|male|patient|dog|cat|me|i|sohn|söhne"
    r"|sohnemann|tochter|töchter|kind|kinder|kindern|baby|zwerg|junge|mädchen|bruder|schwester|mutter"
    r"|mama|vater|papa|frau|mann|enkel|enkelin|neffe|nichte|freund|freundin|zwillinge|großer?|kleiner?"
    r"|hij[oa]s?|niñ[oa]s?|bebé|peque|pequeñ[oa]s?|chic[oa]s?|herman[oa]|madre|padre|marido|mujer|esposa"
    r"|novi[oa]|niet[oa]s?|sobrin[oa]s?|abuel[oa]|tí[oa]|prim[oa]|amig[oa]|hombre|perr[oa]|gat[oa]"
)
PARENS = (
    r"\((?:[1-9][0-9]?|1[01][0-9]|[1-9]½|[1-9] 1/2)(?: ?[mfMF]|(?:,? (?:years?|yrs?|months?|weeks?|Jahre?"
    r"|Monate?|Wochen?|años?|meses|mes|semanas?)(?: old| alt)?))?\)"
)
SEX = r"(?:[1-9][0-9] ?[MF]|[MF] ?[1-9][0-9])"
SEXED_BEFORE = (
    r"(?i)(?:\b(?:son|sons|daughters?|kids?|child|children|baby|toddler|boys?|girls?|brothers?|sisters?"
    r"|mother|mom|mum|father|dad|wife|husband|partner|boyfriend|girlfriend|bf|gf|fianc[eé]e?|niece|nephew"
    r"|grandson|granddaughter|uncle|aunt|cousin|friend|man|woman|guy|female|male|patient|dog|cat|me|i"
    r"|sohn|söhne|sohnemann|tochter|töchter|kind|kinder|kindern|baby|zwerg|junge|mädchen|bruder|schwester"
    r"|mutter|mama|vater|papa|frau|mann|enkel|enkelin|neffe|nichte|freund|freundin|zwillinge|großer?"
    r"|kleiner?|hij[oa]s?|niñ[oa]s?|bebé|peque|pequeñ[oa]s?|chic[oa]s?|herman[oa]|madre|padre|marido"
    r"|mujer|esposa|novi[oa]|niet[oa]s?|sobrin[oa]s?|abuel[oa]|tí[oa]|prim[oa]|amig[oa]|hombre|perr[oa]"
    r"|gat[oa]|my|ex|a|am|both|and|an?)\W{1,2}|[(\[/]|\A\s*)\Z"
)
SEXED_AFTER = r"\A(?:[\s,.)\]/;:!?]|\Z)"
NOT_SEXED = (
    r"(?i)\b(?:at|to|of|below|above|around|about|is|was|it['’]?s|hit|hits|reached|outside|line|row"
    r"|model)\s\Z"
)
PERSON = (
    r"(?i)(?:\b(?:i|me|my|he|him|his|she|her|we|our|who|born|diagnosed|diagnosis|died|dies|retired?"
    r"|married|pregnan\w+|menopause|onset|son|sons|daughters?|kids?|child|children|baby|toddler|boys?"
    r"|girls?|brothers?|sisters?|mother|mom|mum|father|dad|wife|husband|partner|boyfriend|girlfriend|bf"
    r"|gf|fianc[eé]e?|niece|nephew|grandson|granddaughter|uncle|aunt|cousin|friend|man|woman|guy|female"
    r"|male|patient|dog|cat|me|i|sohn|söhne|sohnemann|tochter|töchter|kind|kinder|kindern|baby|zwerg"
    r"|junge|mädchen|bruder|schwester|mutter|mama|vater|papa|frau|mann|enkel|enkelin|neffe|nichte|freund"
    r"|freundin|zwillinge|großer?|kleiner?|hij[oa]s?|niñ[oa]s?|bebé|peque|pequeñ[oa]s?|chic[oa]s?"
    r"|herman[oa]|madre|padre|marido|mujer|esposa|novi[oa]|niet[oa]s?|sobrin[oa]s?|abuel[oa]|tí[oa]"
    r"|prim[oa]|amig[oa]|hombre|perr[oa]|gat[oa])\b[^.!?\n]*|(?:\A|[.!?\n]\s*)(?:even |and |but |so "
    r"|especially )?)\Z"
)
MONTHS_AT = (
    r"(?i)at (?:about |around |just |only |nearly )?(?:[1-9][0-9]?(?:\s?[-–]\s?[0-9]{1,2})?|a) (?:months?"
    r"|weeks?|days?)(?: old)?"
)
CHILD = (
    r"(?i)\b(?:son|daughter|kids?|child|children|baby|babies|toddlers?|twins?|infants?|newborn|boy|girl"
    r"|he|she|walk\w*|crawl\w*|talk\w*|teeth\w*|wean\w*|breastfe\w+|vaccin\w+|sleep\w*|puppy"
    r"|kitten)\b[^.!?\n]*\Z"
)
LIST = r"[1-9][0-9]?(?:, [1-9][0-9]?)*,? (?:and|und|y|&) [1-9][0-9]?"
LISTED_BEFORE = (
    r"(?i)(?:\b(?:aged|ages)|\b(?:son|sons|daughters?|kids?|child|children|baby|toddler|boys?|girls?"
    r"|brothers?|sisters?|mother|mom|mum|father|dad|wife|husband|partner|boyfriend|girlfriend|bf|gf"
    r"|fianc[eé]e?|niece|nephew|grandson|granddaughter|uncle|aunt|cousin|friend|man|woman|guy|female|male"
    r"|patient|dog|cat|me|i|sohn|söhne|sohnemann|tochter|töchter|kind|kinder|kindern|baby|zwerg|junge"
    r"|mädchen|bruder|schwester|mutter|mama|vater|papa|frau|mann|enkel|enkelin|neffe|nichte|freund"
    r"|freundin|zwillinge|großer?|kleiner?|hij[oa]s?|niñ[oa]s?|bebé|peque|pequeñ[oa]s?|chic[oa]s?"
    r"|herman[oa]|madre|padre|marido|mujer|esposa|novi[oa]|niet[oa]s?|sobrin[oa]s?|abuel[oa]|tí[oa]"
    r"|prim[oa]|amig[oa]|hombre|perr[oa]|gat[oa])\b[^.!?\n]{0,50}\b(?:are|were|sind|waren|tienen"
    r"|de)(?: now| heute| jetzt| schon| ya)?|\b(?:son|sons|daughters?|kids?|child|children|baby|toddler"
    r"|boys?|girls?|brothers?|sisters?|mother|mom|mum|father|dad|wife|husband|partner|boyfriend"
    r"|girlfriend|bf|gf|fianc[eé]e?|niece|nephew|grandson|granddaughter|uncle|aunt|cousin|friend|man"
    r"|woman|guy|female|male|patient|dog|cat|me|i|sohn|söhne|sohnemann|tochter|töchter|kind|kinder"
    r"|kindern|baby|zwerg|junge|mädchen|bruder|schwester|mutter|mama|vater|papa|frau|mann|enkel|enkelin"
    r"|neffe|nichte|freund|freundin|zwillinge|großer?|kleiner?|hij[oa]s?|niñ[oa]s?|bebé|peque"
    r"|pequeñ[oa]s?|chic[oa]s?|herman[oa]|madre|padre|marido|mujer|esposa|novi[oa]|niet[oa]s?"
    r"|sobrin[oa]s?|abuel[oa]|tí[oa]|prim[oa]|amig[oa]|hombre|perr[oa]|gat[oa])(?:,| are| aged)?) \(?\Z"
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
    r"(?i)(?:[1-9][0-9]?(?:[.,]5|½| 1/2| y medio)?(?: ?(?:-|–|bis|oder|a|o|y) ?[1-9][0-9]?)?|ein(?:em|er"
    r"|en)?|zwei|drei|vier|fünf|sechs|sieben|acht|neun|zehn|elf|zwölf|anderthalb|eineinhalb|zweieinhalb"
    r"|una?|dos|tres|cuatro|cinco|seis|siete|ocho|nueve|diez|once|doce) (?:Jahr(?:en?|es)?|Monat(?:en?)?"
    r"|Wochen?|Tagen|años?|añitos?|mes(?:es|ecitos)?|semanas?|días|ans"
    r"|mois)(?: und (?:[1-9][0-9]?(?:[.,]5|½| 1/2| y medio)?(?: ?(?:-|–|bis|oder|a|o|y) ?[1-9][0-9]?)?"
    r"|ein(?:em|er|en)?|zwei|drei|vier|fünf|sechs|sieben|acht|neun|zehn|elf|zwölf|anderthalb|eineinhalb"
    r"|zweieinhalb|una?|dos|tres|cuatro|cinco|seis|siete|ocho|nueve|diez|once|doce) (?:Jahr(?:en?|es)?"
    r"|Monat(?:en?)?|Wochen?|Tagen|años?|añitos?|mes(?:es|ecitos)?|semanas?|días|ans|mois))?(?: alt"
    r"| de edad)?"
)
ADJECTIVE = (
    r"(?i)(?:[1-9][0-9]?(?:[.,]5|½| 1/2| y medio)?(?: ?(?:-|–|bis|oder|a|o|y) ?[1-9][0-9]?)?|ein(?:em|er"
    r"|en)?|zwei|drei|vier|fünf|sechs|sieben|acht|neun|zehn|elf|zwölf|anderthalb|eineinhalb|zweieinhalb"
    r"|una?|dos|tres|cuatro|cinco|seis|siete|ocho|nueve|diez|once|doce)[- ]?(?:jährige?[nrms]?"
    r"|monatige?[nrms]?)"
)
COUNTED_BEFORE = (
    r"(?i)(?:\b(?:mit|ab|unter|im Alter von) (?:ca\. |etwa |knapp |fast |gut |schon |erst |jetzt |gerade "
    r"|bald |heute |ya |casi |unos |sus |apenas |solo |sólo )?|\b(?:ten(?:go|ía|emos)|tien(?:e|es|en)"
    r"|cumpl\w+|con|a los|desde los|hasta los|a partir de los|por los|entre los|(?:menor|mayor)(?:es)? de"
    r"|son|sons|daughters?|kids?|child|children|baby|toddler|boys?|girls?|brothers?|sisters?|mother|mom"
    r"|mum|father|dad|wife|husband|partner|boyfriend|girlfriend|bf|gf|fianc[eé]e?|niece|nephew|grandson"
    r"|granddaughter|uncle|aunt|cousin|friend|man|woman|guy|female|male|patient|dog|cat|me|i|sohn|söhne"
    r"|sohnemann|tochter|töchter|kind|kinder|kindern|baby|zwerg|junge|mädchen|bruder|schwester|mutter"
    r"|mama|vater|papa|frau|mann|enkel|enkelin|neffe|nichte|freund|freundin|zwillinge|großer?|kleiner?"
    r"|hij[oa]s?|niñ[oa]s?|bebé|peque|pequeñ[oa]s?|chic[oa]s?|herman[oa]|madre|padre|marido|mujer|esposa"
    r"|novi[oa]|niet[oa]s?|sobrin[oa]s?|abuel[oa]|tí[oa]|prim[oa]|amig[oa]|hombre|perr[oa]|gat[oa]|(?:son"
    r"|sons|daughters?|kids?|child|children|baby|toddler|boys?|girls?|brothers?|sisters?|mother|mom|mum"
    r"|father|dad|wife|husband|partner|boyfriend|girlfriend|bf|gf|fianc[eé]e?|niece|nephew|grandson"
    r"|granddaughter|uncle|aunt|cousin|friend|man|woman|guy|female|male|patient|dog|cat|me|i|sohn|söhne"
    r"|sohnemann|tochter|töchter|kind|kinder|kindern|baby|zwerg|junge|mädchen|bruder|schwester|mutter"
    r"|mama|vater|papa|frau|mann|enkel|enkelin|neffe|nichte|freund|freundin|zwillinge|großer?|kleiner?"
    r"|hij[oa]s?|niñ[oa]s?|bebé|peque|pequeñ[oa]s?|chic[oa]s?|herman[oa]|madre|padre|marido|mujer|esposa"
    r"|novi[oa]|niet[oa]s?|sobrin[oa]s?|abuel[oa]|tí[oa]|prim[oa]|amig[oa]|hombre|perr[oa]"
    r"|gat[oa]) (?:\p{L}+ )?de|de (?:unos|casi|apenas)) (?:ca\. |etwa |knapp |fast |gut |schon |erst "
    r"|jetzt |gerade |bald |heute |ya |casi |unos |sus |apenas |solo |sólo )?(?:de )?)\Z"
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
    r"|baby|toddler|boys?|girls?|brothers?|sisters?|mother|mom|mum|father|dad|wife|husband|partner"
    r"|boyfriend|girlfriend|bf|gf|fianc[eé]e?|niece|nephew|grandson|granddaughter|uncle|aunt|cousin"
    r"|friend|man|woman|guy|female|male|patient|dog|cat|me|i|sohn|söhne|sohnemann|tochter|töchter|kind"
    r"|kinder|kindern|baby|zwerg|junge|mädchen|bruder|schwester|mutter|mama|vater|papa|frau|mann|enkel"
    r"|enkelin|neffe|nichte|freund|freundin|zwillinge|großer?|kleiner?|hij[oa]s?|niñ[oa]s?|bebé|peque"
    r"|pequeñ[oa]s?|chic[oa]s?|herman[oa]|madre|padre|marido|mujer|esposa|novi[oa]|niet[oa]s?"
    r"|sobrin[oa]s?|abuel[oa]|tí[oa]|prim[oa]|amig[oa]|hombre|perr[oa]|gat[oa]) (?:ist|wird|wurde)|wird"
    r"|cumpl\w+(?: los)?|tengo|tiene) (?:ca\. |etwa |knapp |fast |gut |schon |erst |jetzt |gerade |bald "
    r"|heute |ya |casi |unos |sus |apenas |solo |sólo )?|\b(?:son|sons|daughters?|kids?|child|children"
    r"|baby|toddler|boys?|girls?|brothers?|sisters?|mother|mom|mum|father|dad|wife|husband|partner"
    r"|boyfriend|girlfriend|bf|gf|fianc[eé]e?|niece|nephew|grandson|granddaughter|uncle|aunt|cousin"
    r"|friend|man|woman|guy|female|male|patient|dog|cat|me|i|sohn|söhne|sohnemann|tochter|töchter|kind"
    r"|kinder|kindern|baby|zwerg|junge|mädchen|bruder|schwester|mutter|mama|vater|papa|frau|mann|enkel"
    r"|enkelin|neffe|nichte|freund|freundin|zwillinge|großer?|kleiner?|hij[oa]s?|niñ[oa]s?|bebé|peque"
    r"|pequeñ[oa]s?|chic[oa]s?|herman[oa]|madre|padre|marido|mujer|esposa|novi[oa]|niet[oa]s?"
    r"|sobrin[oa]s?|abuel[oa]|tí[oa]|prim[oa]|amig[oa]|hombre|perr[oa]|gat[oa])\b[^.!?\n]{0,60}\b(?:mit"
    r"|(?:el|la|los|las|un[oa]|otr[oa]) de|a los) |\b(?:mit|a los) )\Z"
)
FOREIGN_ENDS = (
    r"(?i)\A(?:\s*\Z|\s?[.;:!?)…\"”—–-]|,|\s+(?:und|oder|y|e|o|pero|aber|als|cuando|que|ya|jetzt|geworden"
    r"|en|este|dieses|hat|habe|war|ist|no|se|me|le|lo|el|la|gleich|schon|das|die|den)\b|\n)"
)
DURATION = (
    r"(?i)(?:about |around |roughly |approximately |nearly |almost |over |under |some |c\.\s?|circa "
    r"|another |last |past |~\s?)?(?:[0-9]{1,4}(?:[.,][0-9]+)?\+?(?: 1/2|½)?(?:(?:\s?[-–—]\s?| to "
    r"| or )[0-9]{1,4}(?:[.,][0-9]+)?\+?)?[\s-]?(?:years?|yrs?|months?|weeks?|wks?|days?|hours?|hrs?"
    r"|minutes?|mins?|seconds?|secs?|decades?|milliseconds?|(?-i:ms|msecs?|h|s))(?:(?: and"
    r"|,)? [0-9]{1,2} ?(?:months?|weeks?|days?|hours?|hrs?|minutes?|mins?|seconds?|secs?))?"
    r"|[0-9]{1,3} ?h(?:rs?)? ?[0-9]{1,2} ?m(?:ins?)?(?: ?[0-9]{1,2} ?s)?"
    r"|[0-9]{1,3} ?m(?:in)? ?[0-9]{1,2} ?s(?:ecs?)?|(?:(?:one|two|three|four|five|six|seven|eight|nine"
    r"|ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen|eighteen|nineteen|twenty|thirty"
    r"|forty|fifty|sixty)|a|several|a few|(?:a )?couple(?: of)?)[\s-](?:and a half )?(?:years?|months?|weeks?"
    r"|decades?)(?:,? and (?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen"
    r"|fourteen|fifteen|sixteen|seventeen|eighteen|nineteen|twenty|thirty|forty|fifty|sixty) (?:months?"
    r"|weeks?|days?))?|a fortnight|a century|(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven"
    r"|twelve|thirteen|fourteen|fifteen|sixteen|seventeen|eighteen|nineteen|twenty|thirty|forty|fifty"
    r"|sixty)(?: to | or |-)(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen"
    r"|fourteen|fifteen|sixteen|seventeen|eighteen|nineteen|twenty|thirty|forty|fifty"
    r"|sixty)[\s-](?:years?|months?|weeks?|days|hours|minutes|seconds|decades)|(?:(?:one|two|three|four"
    r"|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen|eighteen"
    r"|nineteen|twenty|thirty|forty|fifty|sixty)|several|a few|a couple of)[\s-](?:and a half )?(?:days"
    r"|nights|hours|minutes|seconds)|(?:half )?an hour|half a (?:second|minute|day|year|century|decade))"
)
NUMBERED = (
    r"[0-9+½][ -]?(?:(?:year|yr|month|week|wk|day|night|decade|hour|hr|min|sec|millisec)|ms|[hs]\b"
    r"|m ?[0-9])"
)
SPELT = (
    r"(?:\ban?|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|fifteen|teen|ty|several"
    r"|many|few|half|couple of)[\s-](?:year|yr|month|week|wk|day|night|decade|hour|hr|min|sec|millisec)"
    r"|a fortnight|a century"
)
AGO = (
    r"(?i)(?:about |around |roughly |approximately |nearly |almost |over |under |some |c\.\s?|circa "
    r"|another |last |past |~\s?)?(?:[0-9]{1,4}(?:[.,][0-9]+)?\+?(?: 1/2|½)?(?:(?:\s?[-–—]\s?| to "
    r"| or )[0-9]{1,4}(?:[.,][0-9]+)?\+?)?|a few|a couple of|couple of|(?:one|two|three|four|five|six"
    r"|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen|eighteen|nineteen"
    r"|twenty|thirty|forty|fifty|sixty)|several|many|few|a|an)[\s-](?:and a half )?(?:years?|yrs?|months?"
    r"|weeks?|days?|decades?|hours?|hrs?|minutes?|mins?)\s(?:ago|earlier|later|previously|before|back"
    r"|from now)"
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
UNPRICED = r"(?i)[0-9]{1,3}(?:\.[0-9])?k|[0-9]{1,3},[0-9]{3}"
PAID = (
    r"(?i)\b(?:make|makes|making|made|earn|earns|earned|earning|paid|pays?|paying|costs?|worth|salary"
    r"|income|owes?|owed|rent|mortgage|debt|loans?|savings?|saved|spent|spend|spending|deposit|budget"
    r"|prices?|priced|sold|bought|bonus|fine|fined|invest(?:ed|ing)?|raise|wage|fee|bill|payments?|equity"
    r"|offer(?:ed)?|inherit\w*|verdict|award(?:ed)?|damages|settle(?:d|ment)?)\b[^.!?\n]{0,40}\Z"
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
    r"""(?i)[=<>{}\\|;]\s*['\"]?\Z|\(\s*\Z|\$[0-9]\b[^\p{L}]{0,6}\Z|\b(?:placeholder|param\w*|argument|arg"""
    r"""|args|group|capture|awk|echo|print|where|and|values|regexp?|replace\w*|variable|bind)s? ['\"]?\Z"""
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
    r"(?i)(?:(?:\A|[.!?…\n]\s*|[(,\s])(?:hi|hello|hey|dear|thanks?|thank you|thx|cheers|ty|agreed?"
    r"|agree with|with you|in reply to|replying to|sorry|congrats|congratulations|welcome|well said"
    r"|well put|well done|well played|(?:good|great|fair) (?:point|question)|(?:good|nice|great) (?:catch"
    r"|one|find|work|job)|exactly|yes|yeah|no|ok|okay|(?:ah |very )?nice|good luck|bravo|amen|rip"
    r"|kudos to|props to|bless you|no rush|no worries|you['’]?re right|same here|true|right|wow|oh|ah"
    r"|sure|cc|danke(?:schön)?|vielen dank|besten dank|lieben dank|hallo|moin|servus|liebe[rs]?|stimmt"
    r"|genau|ja|nein|ach|super|gute (?:frage|besserung|idee)|guter punkt|tut mir leid|glückwunsch"
    r"|grüß dich|entschuldige|dir|euch|(?:muchas |mil )?gracias|hola|buenas|buenos días|querid[oa]|sí"
    r"|claro|exacto|perdona|perdón|oye|mira|ay|ánimo|enhorabuena|felicidades|genial|suerte|besos"
    r"|un saludo|saludos|merci(?: beaucoup)?|bonjour|salut|chère?|oui|non|désolée?|@)[,!:]?(?: again"
    r"| nochmal| otra vez)?(?: (?:for this|so much|very much|a lot|an dich|auch|sehr|dir))?,? ?(?:to |an "
    r"|a )?|, ?|@)\Z"
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
NAME_LIKE = r"\A\p{Lu}\p{Ll}+(?:-\p{Lu}\p{Ll}+)?(?: \p{Lu}(?:\p{Ll}+|\.)?)+\Z"
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
    r"|ihr|danke|wie|kannst|tú|tu|te|gracias|puedes|merci|vous|has|had|is|was|will|did|told|hat|ist|war"
    r"|tiene|est[áa])|[^ @\p{L}\p{N}\p{M}_]|\Z)"
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
    r"|claimed|quoted?|quoting|stated?|states|mentioned|explained|according to|commented|reads|thought"
    r"|goes|went|was like|insist(?:s|ed)?|argue[sd]?|warn(?:s|ed)?|announced|shout(?:s|ed)?|yell(?:s|ed)?"
    r"|text(?:s|ed)|dijo|dij[ei]ron|dicen?|dec[ií]an?|contest[óa]|respondi[óo]|pregunt[óa]|coment[óa]"
    r"|escribió|grit[óa]|según|dit|disent|demande|sagt|sagte[nr]?|sagen|gesagt|meint|meinte[nr]?"
    r"|schrieb(?:en)?|schreibt|fragte?|antwortete?|rief|laut)\b[^.!?\n]{0,25}\Z"
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
