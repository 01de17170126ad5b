"""The files of a folder of templates, by what they are: patterns seen from that folder."""

PAGES = ("*.html",)
STYLES = ("css/*", "embed/*.css")
SCRIPTS = (
    "js/*.js", "js/parts/*.js", "js/late/*.js", "js/layers/*.js", "js/own/*.js", "embed/*.js",
)  # fmt: skip
FILES = ("fonts/*", "assets/*")  # of styles and pages
