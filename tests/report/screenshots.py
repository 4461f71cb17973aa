"""Draws the picture of the README: `make screenshots`. Needs Chromium, and looks best with the font Inter."""

import shutil
import tempfile
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

from threadmill import pipeline, report
from threadmill.publish import catalog

CHECKOUT = Path(__file__).parent.parent.parent
RAW = CHECKOUT / "data" / "raw"
PICTURE = CHECKOUT / "docs" / "images" / "report.png"
DESK = {"width": 1000, "height": 900}
PHONE = {"width": 390, "height": 800}
SCALE = 1.25
COMPOSED = """<!doctype html><style>
  body { margin: 0; width: 1240px; height: 840px; position: relative; }
  img { position: absolute; border-radius: 12px; border: 1px solid #0002;
        box-shadow: 0 2px 6px #0002, 0 18px 40px #0003; object-fit: cover; object-position: top; }
  .desk { left: 24px; top: 24px; width: 900px; height: 770px; }
  .phone { right: 20px; top: 130px; width: 330px; height: 670px; border-radius: 26px; border: 6px solid #222; }
</style><body><img class="desk" src="desk.png"><img class="phone" src="phone.png"></body>"""


def shoot(browser: Browser, page: Path, name: str, scheme: str, size: dict, top: str) -> None:
    """Write what a window on `page` shows from the element `top` on."""
    context = browser.new_context(viewport=size, color_scheme=scheme, device_scale_factor=2)
    tab = context.new_page()
    tab.goto(page.as_uri())
    tab.evaluate(
        "s => scrollTo({top: document.querySelector(s).getBoundingClientRect().top - 16, behavior: 'instant'})",
        top,
    )
    tab.screenshot(path=page.with_name(name))
    context.close()


def main() -> None:
    """Mill the sample, report on it, and draw the report on a desk and on a phone."""
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        page = Path(folder) / "report.html"
        pipeline.run(RAW, Path(folder) / "processed")
        with catalog.connect(Path(folder) / "processed") as con:
            report.write(con, None, page)
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        shoot(browser, page, "desk.png", "light", DESK, "body")
        shoot(browser, page, "phone.png", "dark", PHONE, "#c3")
        composed = page.with_name("composed.html")
        composed.write_text(COMPOSED, encoding="utf-8")
        context = browser.new_context(
            viewport={"width": 1240, "height": 840}, device_scale_factor=SCALE
        )
        tab = context.new_page()
        tab.goto(composed.as_uri())
        tab.screenshot(path=PICTURE, omit_background=True)
        browser.close()


if __name__ == "__main__":
    main()
