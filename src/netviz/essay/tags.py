"""Which texts are tags of languages (BCP 47), so that no other suffix of a file passes for one."""

import re

# <language>[-<extended>][-<script>][-<region>][-<variant>…][-x-<private use>…]
SYNTAX = re.compile(
    r"(?P<language>[A-Za-z]{2,3})(?:-[A-Za-z]{3}){0,3}(?:-[A-Za-z]{4})?(?:-(?:[A-Za-z]{2}|\d{3}))?"
    r"(?:-(?:[A-Za-z0-9]{5,8}|\d[A-Za-z0-9]{3}))*(?:-x(?:-[A-Za-z0-9]{1,8})+)?"
)
# ISO 639-1.
TWO_LETTERS = frozenset((
    "aa", "ab", "ae", "af", "ak", "am", "an", "ar", "as", "av", "ay", "az", "ba", "be", "bg",
    "bh", "bi", "bm", "bn", "bo", "br", "bs", "ca", "ce", "ch", "co", "cr", "cs", "cu", "cv",
    "cy", "da", "de", "dv", "dz", "ee", "el", "en", "eo", "es", "et", "eu", "fa", "ff", "fi",
    "fj", "fo", "fr", "fy", "ga", "gd", "gl", "gn", "gu", "gv", "ha", "he", "hi", "ho", "hr",
    "ht", "hu", "hy", "hz", "ia", "id", "ie", "ig", "ii", "ik", "io", "is", "it", "iu", "ja",
    "jv", "ka", "kg", "ki", "kj", "kk", "kl", "km", "kn", "ko", "kr", "ks", "ku", "kv", "kw",
    "ky", "la", "lb", "lg", "li", "ln", "lo", "lt", "lu", "lv", "mg", "mh", "mi", "mk", "ml",
    "mn", "mr", "ms", "mt", "my", "na", "nb", "nd", "ne", "ng", "nl", "nn", "no", "nr", "nv",
    "ny", "oc", "oj", "om", "or", "os", "pa", "pi", "pl", "ps", "pt", "qu", "rm", "rn", "ro",
    "ru", "rw", "sa", "sc", "sd", "se", "sg", "sh", "si", "sk", "sl", "sm", "sn", "so", "sq",
    "sr", "ss", "st", "su", "sv", "sw", "ta", "te", "tg", "th", "ti", "tk", "tl", "tn", "to",
    "tr", "ts", "tt", "tw", "ty", "ug", "uk", "ur", "uz", "ve", "vi", "vo", "wa", "wo", "xh",
    "yi", "yo", "za", "zh", "zu",
))  # fmt: skip
# Languages of ISO 639-3 without a tag of two letters, of which texts are written and translated.
# Not all: "old", "new" and "bak" are codes too, but as suffixes they mean something else.
THREE_LETTERS = frozenset((
    "ace", "ang", "arc", "arz", "ast", "awa", "azb", "bal", "ban", "bar", "bcl", "bho", "bjn",
    "bpy", "bug", "ceb", "chr", "ckb", "cmn", "crh", "csb", "din", "dsb", "dty", "egl", "ext",
    "fil", "frp", "frr", "fur", "gag", "gan", "gom", "got", "grc", "gsw", "guw", "hak", "haw",
    "hif", "hsb", "hyw", "ilo", "inh", "jam", "jbo", "kab", "kbd", "kbp", "koi", "krc", "ksh",
    "lad", "lez", "lij", "lmo", "ltg", "mai", "mdf", "mhr", "min", "mnw", "mrj", "mwl", "myv",
    "mzn", "nah", "nan", "nap", "nds", "nia", "nov", "nqo", "nso", "olo", "pag", "pam", "pap",
    "pcd", "pcm", "pdc", "pfl", "pms", "pnb", "pnt", "prs", "rom", "rue", "sah", "sat", "scn",
    "sco", "sgs", "shi", "shn", "shy", "smn", "srn", "stq", "syc", "syr", "szl", "tcy", "tet",
    "tly", "tok", "tpi", "tum", "tyv", "tzm", "udm", "vec", "vep", "vls", "vro", "war", "wuu",
    "xal", "xmf", "yue", "zea", "zgh", "zlm",
))  # fmt: skip


def is_language(tag: str) -> bool:
    """Say whether `tag` has the form of a language's tag and names a language that is known."""
    found = SYNTAX.fullmatch(tag)
    return found is not None and found["language"].lower() in TWO_LETTERS | THREE_LETTERS
