"""Units of time, months and numbers in words, in English, German, Spanish and French."""

NUMBERS = {
    "a": "1", "an": "1", "one": "1", "two": "2", "three": "3", "four": "4", "five": "5", "six": "6",
    "seven": "7", "eight": "8", "nine": "9", "ten": "10", "eleven": "11", "twelve": "12", "fifteen": "15",
    "thirteen": "13", "fourteen": "14", "sixteen": "16", "seventeen": "17",
    "eighteen": "18", "nineteen": "19", "twenty": "20", "thirty": "30", "forty": "40", "fifty": "50",
    "sixty": "60", "seventy": "70", "eighty": "80", "ninety": "90",
    "couple": "2", "few": "x", "several": "x", "many": "x",
}  # fmt: skip
"""English numbers in words, as figures; x for a vague one."""
COUNT = (
    "(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen"
    "|seventeen|eighteen|nineteen|twenty|thirty|forty|fifty|sixty)"
)
FOREIGN_NUMBERS = {
    "ein": "1", "eine": "1", "einem": "1", "einen": "1", "einer": "1", "eines": "1", "zwei": "2", "drei": "3",
    "vier": "4", "fünf": "5", "sechs": "6", "sieben": "7", "acht": "8", "neun": "9", "zehn": "10", "elf": "11",
    "zwölf": "12", "fünfzehn": "15", "zwanzig": "20", "dreißig": "30", "vierzig": "40", "fünfzig": "50",
    "sechzig": "60", "anderthalb": "1.5", "eineinhalb": "1.5", "zweieinhalb": "2.5", "ein paar": "x",
    "einige": "x", "einigen": "x", "mehrere": "x", "mehreren": "x", "halbe": "0.5", "halben": "0.5", "halbes": "0.5",
    "un": "1", "una": "1", "dos": "2", "tres": "3", "cuatro": "4", "cinco": "5", "seis": "6", "siete": "7",
    "ocho": "8", "nueve": "9", "diez": "10", "once": "11", "doce": "12", "quince": "15", "veinte": "20",
    "treinta": "30", "cuarenta": "40", "cincuenta": "50", "sesenta": "60", "media": "0.5", "medio": "0.5",
    "varios": "x", "varias": "x", "un par de": "2", "unos pocos": "x", "unas pocas": "x", "algunos": "x",
    "algunas": "x", "pocos": "x", "pocas": "x",
    "une": "1", "deux": "2", "trois": "3", "quatre": "4", "cinq": "5", "sept": "7", "huit": "8", "neuf": "9",
    "dix": "10", "quinze": "15", "vingt": "20", "trente": "30", "quelques": "x", "plusieurs": "x",
}  # fmt: skip
"""German, Spanish and French numbers in words."""
FOREIGN_UNITS = {
    "Y": r"jahr(?:e[ns]?|s)?|años?|añitos?|années?|ans?",
    "M": r"monat(?:e[ns]?|s)?|mes(?:es|ecitos)?|mois",
    "W": r"wochen?|semanas?|semaines?",
    "D": r"tag(?:e[ns]?|s)?|nächten?|nacht|abend|abende|días?|noches?|jours?|nuits?",
    "TH": r"stunden?|std\.?|horas?|horitas?|heures?",
    "TM": r"minuten?|minut(?:os?|itos?)|minutes?|min\.?",
    "TS": r"sekunden?|sek\.?|segundos?|secondes?",
}
"""ISO 8601 unit → how German, Spanish and French write it, in lower case."""
FOREIGN_MONTHS = {
    "01": "januar|jänner|enero|janvier", "02": "februar|feber|febrero|février", "03": "märz|marzo|mars",
    "04": "april|abril|avril", "05": "mai|mayo", "06": "juni|junio|juin", "07": "juli|julio|juillet",
    "08": "august|agosto|août", "09": "september|septiembre|setiembre|septembre",
    "10": "oktober|octubre|octobre", "11": "november|noviembre|novembre", "12": "dezember|diciembre|décembre",
}  # fmt: skip
ACCENTED = "[à-ÿ]"
FOREIGN_SIGNS = (
    " (?:jahr|monat|woche|stunde|tage|sekund|minut|abend|letzte|nächste|std|año|mes|semana|hora|día"
    "|segundo|noche|ans|mois|semaine"
    "|jours|heures|secondes|januar|februar|märz|april|mai|juni|juli|august|september|oktober|november"
    "|dezember|frühling|frühjahr|sommer"
    "|herbst|winter|enero|febrero|marzo|abril|mayo|junio|julio|agosto|septiembre|octubre|noviembre"
    "|diciembre|verano|otoño|invierno"
    "|primavera|janvier|février|mars|avril|juin|juillet|août|septembre|octobre|novembre|décembre"
    "|cumpl|tiene|tengo|mit anderthalb)"
    r"|jährig|monatig|[1-9] ?(?:jahr|monat|woche|stunde|tage|min|std)"
    r"| (?:bin|ist|wird|wurde|mit|sind|waren|heute|de|los|erst|schon|ya) [1-9]| (?:und|seit|hatten?"
    r"|war|wurden?|en|desde|hasta|año|depuis) (?:19|20)[0-9][0-9]"
)
"""A row of those with a unit, month or verb of age in German, Spanish or French matches this."""
