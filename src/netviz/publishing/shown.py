"""A figure without an essay: one page that loads nothing, for notebooks and scripts."""

import re
from collections.abc import Mapping

from markupsafe import Markup

from netviz.essay.figure_calls import FigureCall
from netviz.essay.figure_texts import PlacedDrawing, figure_text
from netviz.essay.languages import ENGLISH
from netviz.essay.loaded import Loaded
from netviz.essay.page import compose_figure, compose_fragment
from netviz.essay.saying import speech
from netviz.essay.style import as_text, page_style
from netviz.essay.templates import Templates, found_files
from netviz.publishing.assets import ASSET_FOLDER, SiteFiles, joined_style
from netviz.publishing.single import single_page

PAGE = "index.html"
FONT = "fonts/inter-*"  # the one that embed/embed.css sets, and its licence
OTHER_FONT = re.compile(rb"@font-face \{[^}]*url\(fonts/(?!inter-)[^}]*\}\n")


def shown_page(
    call: FigureCall,
    drawing: PlacedDrawing,
    files: Mapping[str, bytes],
    title: str,
    templates: Templates,
) -> str:
    """Return the HTML of a page that shows one figure under a `title`.

    `files` are those that the figure wrote, by their path in a site (`assets.drawing_files`).
    """
    site = SiteFiles()
    site.add_all(files)
    for name, file in found_files(templates.folders, FONT).items():
        site.add(f"{ASSET_FOLDER}/{name}", file.read_bytes())
    told = figure_text(call, drawing, ENGLISH)
    fragment = compose_fragment(call, drawing, templates)
    figure = compose_figure(call, drawing, told, fragment, templates)
    css = OTHER_FONT.sub(b"", joined_style(templates.folders, [call.folder], is_embed=True))
    loaded = Loaded(
        page_style(as_text(css), f"{ASSET_FOLDER}/"),
        site.add_script(templates.folders, [call.folder], is_embed=True),
        site.add_own_scripts([call.folder]),
        site.add_page_assets(templates.folders),
    )
    context = {
        **speech(ENGLISH),
        **loaded.context,
        "essay": {
            "title": title,
            "description": title,
            "language": ENGLISH.tag,
            "direction": ENGLISH.direction,
            "draft": False,
        },
        "is_sample": False,
        "figure": Markup(figure),  # noqa: S704 - made by our own templates
    }
    page = templates.pages.get_template("shown.html").render(context)
    return single_page(PAGE, {**site.files, PAGE: page.encode()}).html.decode()
