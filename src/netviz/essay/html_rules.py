"""Which tags, attributes and classes of HTML an author's text may hold, and why not the others."""

import re
from collections.abc import Mapping

# What to do instead.
WRITE_LINK = "Write a link to it instead: [words](address)."
PUT_STYLES = "Put styles into templates/css/ of the essay."
PUT_SCRIPTS = "Put scripts into a figure of the essay's own, or into templates/js/parts/."
LEAVE_OUT = "Leave it out."
# What they could do to a page.
LEADS = "it could send readers, or what they type, elsewhere"
RUNS = "it could run in every reader's browser"
COVERS = "it could cover the page"
SHOWS = "the page's policy forbids what it shows"
SWALLOWS = "it could swallow the rest of the page"
TAGS: Mapping[str, tuple[str, str]] = {
    **dict.fromkeys(("meta", "base", "form"), (LEADS, WRITE_LINK)),
    "link": (COVERS, PUT_STYLES),
    "style": (COVERS, PUT_STYLES),
    "dialog": (COVERS, "Use a box: !!! note."),
    **dict.fromkeys(("body", "head", "html"), (COVERS, LEAVE_OUT)),
    "script": (RUNS, PUT_SCRIPTS),
    **dict.fromkeys(("animate", "animatemotion", "animatetransform", "set", "discard", "handler",
                     "listener"), (LEADS, "Draw it in a figure of the essay's own.")),
    "foreignobject": (COVERS, "Write the text beside the drawing."),
    **dict.fromkeys(("applet", "bgsound", "embed", "fencedframe", "frame", "frameset", "object",
                     "portal"), (SHOWS, WRITE_LINK)),
    **dict.fromkeys(("noembed", "noframes", "noscript", "plaintext", "select", "slot", "template",
                     "textarea", "title", "xmp"), (SWALLOWS, LEAVE_OUT)),
}  # fmt: skip
ATTRIBUTES: Mapping[str, tuple[str, str]] = {
    "style": ("the page's policy forbids it", f"Give a class: {{.name}}. {PUT_STYLES}"),
    "ping": ("it would tell another host who follows the link", LEAVE_OUT),
    "attributionsrc": ("it would tell another host who follows the link", LEAVE_OUT),
    "srcdoc": (SHOWS, WRITE_LINK),
    **dict.fromkeys(("action", "formaction", "http-equiv"), (LEADS, WRITE_LINK)),
    **dict.fromkeys(
        ("popover", "popovertarget", "shadowrootmode", "commandfor", "interestfor"),
        (COVERS, LEAVE_OUT),
    ),
    **dict.fromkeys(("overflow", "transform"), (COVERS, "Give an <svg> a viewBox.")),
    "background": (SHOWS, PUT_STYLES),
}
# Of these an <svg> itself may have none; the shapes within it may.
OF_DRAWINGS = {"overflow", "transform"}
# By these a formula is moved away from its place, which \raisebox may do a little.
MOVING = {"lspace", "voffset"}
LITTLE = re.compile(
    r"[-+]?(?:(?:[0-4]|[0-4]?\.\d+|[0-4]\.\d*)(?:em|ex)?|\d{1,2}(?:\.\d*)?(?:px|pt))"
)
HANDLER = re.compile(r"on[a-z]+", re.IGNORECASE)
# What loads by each attribute, and the directive of the policy that decides.
LOADING: Mapping[str, Mapping[str, str]] = {
    "iframe": {"src": "frame-src"},
    "video": {"src": "media-src", "poster": "img-src"},
    "audio": {"src": "media-src"},
    "source": {"src": "media-src", "srcset": "img-src"},
    "track": {"src": "media-src"},
    "img": {"src": "img-src", "srcset": "img-src"},
    "input": {"src": "img-src"},
    "image": {"src": "img-src", "href": "img-src", "xlink:href": "img-src"},
    "feimage": {"href": "img-src", "xlink:href": "img-src"},
    "use": {"href": "img-src", "xlink:href": "img-src"},
}
EMPTY_WITHOUT = {"iframe", "video", "audio"}  # by their own policy: even of the site there are none
# The classes that text may have, by itself or from our own markdown. Others of ours lay parts over
# the page, or say that something was measured.
OUR_CLASSES = re.compile(
    r"nv-(?:anchor|code-title|figure-reference|ltr|math(?:-[a-z0-9]+)*|prose|shows|table|text-[a-z]+)"
)
CLAIMING = {
    "nv-value": "a measured number",
    "nv-claim": "a claim",
    "nv-figure-marker": "a figure",
    "nv-steps-begin": "the steps of a figure",
    "nv-steps-end": "the steps of a figure",
}
STEPS = "Write {% steps %}…{% endsteps %}."
INSTEAD = {
    "nv-value": 'Call it: {{ value("networks.NAME.test.accuracy", "percent") }}.',
    "nv-claim": "Write {% claim CONDITION %}…{% endclaim %}.",
    "nv-figure-marker": '{{ figure("weights", network="NAME") }} shows one.',
    "nv-steps-begin": STEPS,
    "nv-steps-end": STEPS,
}
# All that a page of plain prose is made of; a page with anything else is read by the tokenizer.
PLAIN = {
    "a", "abbr", "article", "aside", "b", "bdi", "bdo", "blockquote", "br", "caption", "cite",
    "code", "col", "colgroup", "data", "dd", "del", "details", "dfn", "div", "dl", "dt", "em",
    "figcaption", "figure", "h1", "h2", "h3", "h4", "h5", "h6", "hr", "i", "img", "ins", "kbd",
    "li", "mark", "math", "ol", "p", "pre", "q", "rp", "rt", "ruby", "s", "samp", "section",
    "small", "span", "strong", "sub", "summary", "sup", "table", "tbody", "td", "tfoot", "th",
    "thead", "time", "tr", "u", "ul", "var", "wbr", "annotation", "maction", "menclose", "merror",
    "mfrac", "mi", "mmultiscripts", "mn", "mo", "mover", "mpadded", "mphantom", "mprescripts",
    "mroot", "mrow", "ms", "mspace", "msqrt", "mstyle", "msub", "msubsup", "msup", "mtable", "mtd",
    "mtext", "mtr", "munder", "munderover", "none", "semantics",
}  # fmt: skip
