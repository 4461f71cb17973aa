"""A report in a real browser: quiet, alone, usable by keyboard, on a phone, on paper, and by a screen reader."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect
from support import report_cases

from threadmill import report
from threadmill.publish import catalog

DESK, PHONE = {"width": 1280, "height": 900}, {"width": 390, "height": 844}


@pytest.fixture(scope="module")
def pages(milled, tmp_path_factory):
    """The paths of a report on the sample, on hostile talk, on one with all parents known, and on all threads."""
    folder = tmp_path_factory.mktemp("reports")
    with catalog.connect(milled) as con:
        texts = {"sample": report.render(con, "substack:ms-lazarus-effect")}
    con = report_cases.hostile()
    texts["hostile"] = report.render(con, report.choose(con, None))
    con = report_cases.timed()
    texts |= {"known": report.render(con, "x:known"), "all": report.render(con, None)}
    for name, text in texts.items():
        (folder / f"{name}.html").write_text(text, encoding="utf-8")
    return {name: folder / f"{name}.html" for name in texts}


@pytest.fixture
def opened(browser, pages):
    """Open a report; at the end it must have logged nothing, asked nobody, and still be itself."""
    contexts = []

    def open_(name, viewport=DESK, scheme="light"):
        context = browser.new_context(viewport=viewport, color_scheme=scheme)
        page, address = context.new_page(), pages[name].as_uri()
        heard = []
        page.on("console", lambda message: heard.append(message.text))
        page.on("pageerror", lambda error: heard.append(str(error)))
        page.on("dialog", lambda dialog: heard.append(dialog.message))
        page.on("request", lambda asked: heard.append(asked.url) if asked.url != address else None)
        page.goto(address)
        contexts.append((context, page, heard))
        return page

    yield open_
    for context, page, heard in contexts:
        page.wait_for_load_state("networkidle")
        assert heard == []
        assert page.title().endswith(" · Threadmill report")
        context.close()


EVERY = ["sample", "hostile", "known", "all"]


@pytest.mark.parametrize("name", EVERY)
def test_it_opens_without_an_error_or_a_request(opened, name):
    page = opened(name)
    assert page.locator("h1").is_visible()
    assert page.evaluate("performance.getEntriesByType('resource').length") == 0


@pytest.mark.parametrize(
    ("name", "viewport", "scheme"),
    [
        ("sample", DESK, "light"),
        ("sample", PHONE, "dark"),
        ("hostile", DESK, "dark"),
        ("known", PHONE, "light"),
        ("all", DESK, "dark"),
    ],
    ids=["sample-desk-light", "sample-phone-dark", "hostile", "known", "all"],
)
def test_axe_finds_no_serious_fault(opened, name, viewport, scheme):
    page = opened(name, viewport, scheme)
    page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
    found = Axe().run(page).response
    assert len(found["passes"]) > 10
    grave = [one for one in found["violations"] if one["impact"] in ("serious", "critical")]
    assert [(one["id"], one["nodes"][0]["html"]) for one in grave] == []


@pytest.mark.parametrize("name", EVERY)
def test_a_phone_need_not_scroll_sideways(opened, name):
    page = opened(name, PHONE)
    assert page.evaluate("document.documentElement.scrollWidth") == PHONE["width"]


def test_a_branch_opens_and_closes_by_keyboard(opened):
    page = opened("sample")
    branch = page.locator(".tree details").first
    branch.locator("summary").first.focus()
    page.keyboard.press("Enter")
    assert branch.get_attribute("open") is None
    page.keyboard.press("Enter")
    assert branch.get_attribute("open") is not None


def test_all_branches_close_and_open_again(opened):
    page = opened("sample")
    count = page.locator(".tree details").count()
    assert count == page.locator(".tree details[open]").count() > 10
    page.get_by_role("button", name="Close all").press("Enter")
    assert page.locator(".tree details[open]").count() == 0
    page.get_by_role("button", name="Open all").press("Enter")
    assert page.locator(".tree details[open]").count() == count


def test_a_correction_is_copied(opened):
    page = opened("sample")
    button = page.locator("#c1 > .why .fix").first
    button.click()
    # It says so once the browser has it.
    expect(button).to_have_text("Copied")
    page.evaluate("document.body.append(document.createElement('textarea'))")
    page.locator("textarea").focus()
    page.keyboard.press("Control+V")
    expect(page.locator("textarea")).to_have_value(f"{button.get_attribute('data-line')}\n")


def test_a_link_opens_the_branch_it_leads_into(opened):
    page = opened("sample")
    page.get_by_role("button", name="Close all").click()
    page.get_by_role("link", name="comment 4", exact=True).click()
    assert page.locator("#c4").is_visible()


def test_inferred_edges_look_unlike_given_ones(opened):
    style = "li => getComputedStyle(li, '::before').borderLeftStyle"
    inferred = opened("sample").locator(".tree li.reply")
    assert {one.evaluate(style) for one in inferred.all()} == {"dashed"}
    given = opened("known").locator(".tree li.reply")
    assert {one.evaluate(style) for one in given.all()} == {"solid"}


def test_paper_shows_closed_branches_in_light(opened):
    page = opened("sample", scheme="dark")
    page.get_by_role("button", name="Close all").click()
    page.emulate_media(media="print")
    assert page.locator("#c4 .text").is_visible()
    assert not page.locator("nav").is_visible()
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"


def test_marks_that_turn_the_writing_stay_inside(opened):
    outside = opened("hostile").evaluate(
        """() => {
          const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
          const found = [];
          while (walker.nextNode()) {
            const inside = walker.currentNode.parentElement;
            if (!/[\\u202a-\\u202e\\u2066-\\u2069]/.test(walker.currentNode.data)) continue;
            const own = getComputedStyle(inside);
            const isolated = own.unicodeBidi === "isolate" || own.display === "block";
            if (!isolated && !inside.closest("pre")) found.push(inside.outerHTML);
          }
          return found;
        }"""
    )
    assert outside == []


def test_the_tree_stands_without_script(browser, pages):
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(pages["sample"].as_uri())
    assert page.locator("#c4").is_visible()
    assert not page.get_by_role("button", name="Close all").is_visible()
    page.locator("#c3 > details > summary").click()
    assert not page.locator("#c4").is_visible()
    context.close()
