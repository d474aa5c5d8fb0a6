"""Opens a page in a real browser and does with it what people do.

usage: browser.py hostile|many|nothing|several CHROMIUM FOLDER

The folder holds page.html, and rows.csv as the CSV form has the same rows. Any
difference, any error that the browser tells, and any request but for the page
itself end the script with an error. Pictures and PDFs are left in the folder.
"""

import contextlib
import os
import pathlib
import sys
import time

from playwright.sync_api import sync_playwright

def same(what, found, expected):
    if found != expected:
        sys.exit(f"{what}: found {found!r}, expected {expected!r}")


class Opened:
    """A page in the browser, with all that it told and asked for."""

    def __init__(self, context, path):
        self.told = []
        self.asked = []
        self.page = context.new_page()
        self.page.on("console", lambda message: self.told.append(message.text))
        self.page.on("pageerror", lambda error: self.told.append(str(error)))
        self.page.on("dialog", lambda dialog: sys.exit(f"the page opened a dialog: {dialog.message}"))
        self.page.on("request", lambda request: self.asked.append(request.url))
        self.uri = path.as_uri()
        started = time.monotonic()
        self.page.goto(self.uri)
        self.seconds = time.monotonic() - started

    def finish(self):
        same("told by the browser", self.told, [])
        asked = [url for url in self.asked if not url.startswith("blob:")]
        same("asked for", asked, [self.uri])
        same("harm done", self.page.evaluate("window.harmed"), None)

    def count(self, place=0):
        return self.page.locator(".count").nth(place).inner_text()

    def wait_for(self, true, what):
        """Waits for something; Playwright's own way is against the page's policy."""
        for _ in range(200):
            if true():
                return
            time.sleep(0.02)
        sys.exit(f"{what} did not come: {self.count()}")

    def wait_for_count(self, count):
        self.wait_for(lambda: self.count() == count, count)

    def column(self, name):
        """Returns the texts in sight of a column."""
        return self.page.evaluate(
            """name => {
                const heads = [...document.querySelectorAll("thead tr:first-child th")];
                const place = heads.findIndex((head) => head.querySelector("button")?.dataset.sort === name);
                return [...document.querySelectorAll("tbody tr:not([aria-hidden])")]
                    .map((row) => row.children[place]?.textContent ?? null);
            }""",
            name,
        )

    def download(self):
        with self.page.expect_download() as download:
            self.page.locator(".download").first.click()
        same("file name", download.value.suggested_filename, "who-deleted.csv")
        return pathlib.Path(download.value.path()).read_bytes()


@contextlib.contextmanager
def browser(path):
    # Nobody but root runs a browser without a sandbox.
    args = ["--no-sandbox"] if os.geteuid() == 0 else []
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=path, args=args)
        yield chromium
        chromium.close()


CONTRASTS = """() => {
    const style = getComputedStyle(document.documentElement);
    const canvas = document.createElement("canvas").getContext("2d");
    const light = (name) => {
        canvas.fillStyle = style.getPropertyValue(name).trim();
        const channels = [1, 3, 5].map((at) => parseInt(canvas.fillStyle.slice(at, at + 2), 16) / 255);
        const [r, g, b] = channels.map((c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4));
        return 0.2126 * r + 0.7152 * g + 0.0722 * b;
    };
    const contrast = (one, other) => {
        const [dark, bright] = [light(one), light(other)].sort((a, b) => a - b);
        return (bright + 0.05) / (dark + 0.05);
    };
    const texts = ["--ink", "--quiet", "--accent", "--warn"];
    const papers = ["--paper", "--raised", "--chosen"];
    const colours = ["done-1", "done-2", "done-3", "done-4", "done-5", "done-6", "done-7", "vain-1", "vain-2", "vain-3"];
    return [
        ...texts.flatMap((text) => papers.map((paper) => [text, paper, contrast(text, paper), 4.5])),
        ...colours.map((colour) => [`--${colour}`, "--paper", contrast(`--${colour}`, "--paper"), 3]),
    ].filter(([, , found, least]) => found < least);
}"""

NAMELESS = """() => [...document.querySelectorAll("button, input, a, svg[role], [tabindex='0'], dialog")]
    .filter((element) => !(element.getAttribute("aria-label") || element.textContent.trim()
        || element.closest("label") || element.getAttribute("aria-labelledby")))
    .map((element) => element.outerHTML.slice(0, 120))"""


def check_looks(chromium, folder):
    """Looks at the page in light and dark, on a phone and on paper."""
    for scheme in ("light", "dark"):
        context = chromium.new_context(color_scheme=scheme, viewport={"width": 1280, "height": 900})
        opened = Opened(context, folder / "page.html")
        same(f"{scheme}: too little contrast", opened.page.evaluate(CONTRASTS), [])
        same(f"{scheme}: without a name", opened.page.evaluate(NAMELESS), [])
        same("first headings", opened.page.locator("h1").count(), 1)
        opened.page.screenshot(path=folder / f"{scheme}.png", full_page=True)
        opened.finish()
        context.close()
    context = chromium.new_context(viewport={"width": 390, "height": 800})
    opened = Opened(context, folder / "page.html")
    wide = opened.page.evaluate("document.documentElement.scrollWidth")
    if wide > 390:
        sys.exit(f"a phone has to scroll sideways: {wide} pixels")
    for paper in ("A4", "Letter"):
        pdf = opened.page.pdf(path=folder / f"{paper}.pdf", format=paper)
        same("PDF", pdf[:5], b"%PDF-")
    opened.finish()
    context.close()


def check_without_script(chromium, folder, shown):
    context = chromium.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto((folder / "page.html").as_uri())
    if shown not in page.locator(".answer").first.inner_text():
        sys.exit("without a script the answer is not shown")
    same("charts without a script", page.locator("svg.time").first.is_visible(), True)
    same("a note without a script", page.locator("noscript p").first.is_visible(), True)
    context.close()


def check_policy(chromium, folder):
    """Tries what the page must never do, though something got into it."""
    context = chromium.new_context()
    opened = Opened(context, folder / "page.html")
    opened.page.evaluate(
        """() => {
            const script = document.createElement("script");
            script.textContent = "window.harmed = 3";
            document.body.append(script);
            const image = document.createElement("img");
            image.src = "http://192.0.2.1/x.png";
            document.body.append(image);
            document.body.insertAdjacentHTML("beforeend", "<p id='styled' style='color: rgb(1, 2, 3)'>x</p>");
        }"""
    )
    refused = opened.page.evaluate(
        """async () => {
            try { await fetch("http://192.0.2.1/"); return "asked"; } catch { return "refused"; }
        }"""
    )
    same("a request by a script", refused, "refused")
    same("a script that got in", opened.page.evaluate("window.harmed"), None)
    colour = opened.page.evaluate("getComputedStyle(document.getElementById('styled')).color")
    if colour == "rgb(1, 2, 3)":
        sys.exit("a style that got in counts")
    same("asked for", [url for url in opened.asked if url != opened.uri and "192.0.2.1" not in url], [])
    if len(opened.told) < 3:
        sys.exit(f"the browser refused too little: {opened.told}")
    context.close()


HIDDEN_SHOWN = "\\u{202e}gpj.exe\\u{1b}[31m\\u{0}"


def check_hostile(chromium, folder):
    check_looks(chromium, folder)
    check_without_script(chromium, folder, "7 rows")
    check_policy(chromium, folder)
    context = chromium.new_context(viewport={"width": 1280, "height": 900})
    opened = Opened(context, folder / "page.html")
    page = opened.page
    same("rows", opened.count(), "7 rows")
    actors = opened.column("actor")
    if not actors[1].startswith("</script><script>"):
        sys.exit(f"markup is not shown as text: {actors[1]!r}")
    same("what would be hidden", actors[4], HIDDEN_SHOWN)
    same("elements from a log", page.locator("img, tbody script").count(), 0)

    whole = (folder / "rows.csv").read_bytes()
    same("CSV of all rows", opened.download(), whole)

    sort = page.locator("[data-sort=event_time]")
    sort.click()
    head = page.locator("th", has=page.locator("[data-sort=event_time]"))
    same("sorted", head.get_attribute("aria-sort"), "ascending")
    times = [text for text in opened.column("event_time") if text != "–"]
    same("a fraction comes later", times[:2], ["2026-03-02T09:05:17Z", "2026-03-02T09:05:17.250Z"])
    page.keyboard.press("Enter")
    same("sorted by a key", head.get_attribute("aria-sort"), "descending")
    same("the last first", opened.column("event_time")[0], "2026-03-04T09:05:19Z")
    sort.click()
    same("as it came", head.get_attribute("aria-sort"), "none")

    page.locator(".tools input[type=checkbox]").check()
    page.locator("[data-sort=bytes]").click()
    numbers = [text for text in opened.column("bytes") if text != "–"]
    same("numbers", numbers, ["-5", "0", "2", "9", "10", "9223372036854775807"])
    page.locator("[data-sort=contact_id]").click()
    contacts = [text for text in opened.column("contact_id") if text != "–"]
    same("texts", contacts, ["c-1", "c-1", "c-2", "c-2", "c-9", "c-10"])
    for _ in range(2):
        page.locator("[data-sort=contact_id]").click()
    page.locator(".tools input[type=checkbox]").uncheck()

    search = page.locator(".tools input[type=search]")
    search.press_sequentially("DENIED")
    opened.wait_for_count("2 of 7 rows")
    search.fill("nothing like it")
    opened.wait_for_count("0 of 7 rows")
    search.fill("")
    page.locator("[data-filter=actor]").fill("ana")
    opened.wait_for_count("2 of 7 rows")
    filtered = opened.download()
    lines = [line for line in whole.split(b"\r\n") if b",ana," in line or line.startswith(b"event_time")]
    same("CSV of the rows in sight", filtered, b"\r\n".join(lines) + b"\r\n")
    page.locator("[data-filter=actor]").fill("")
    opened.wait_for_count("7 rows")

    bars = page.locator(".bar[data-role=person]")
    place = bars.evaluate_all(
        "bars => bars.findIndex((bar) => bar.querySelector('.name').textContent.startsWith('</script>'))"
    )
    bars.nth(place).click()
    same("rows of a person", opened.count(), "1 of 7 rows")
    same("chosen", bars.nth(place).get_attribute("aria-pressed"), "true")
    page.locator(".chip").click()
    same("rows of all", opened.count(), "7 rows")
    page.locator(".bar[data-role=contact]").first.focus()
    page.keyboard.press("Enter")
    same("rows of a contact", opened.count(), "2 of 7 rows")
    days = page.locator(".time-bar")
    days.first.focus()
    page.keyboard.press("Space")
    same("and of a day", opened.count(), "2 of 7 rows")
    while page.locator(".chip").count():
        page.locator(".chip").first.click()
    attempts = page.locator(".bar[data-role=attempt]")
    same("those who tried", attempts.count(), 2)
    attempts.last.click()
    same("tried", [opened.count(), opened.column("outcome")], ["1 of 7 rows", ["denied"]])
    while page.locator(".chip").count():
        page.locator(".chip").first.click()
    same("untold", page.locator(".aside").inner_text(), "1 without a known time")

    page.locator(".open").first.focus()
    page.keyboard.press("Enter")
    dialog = page.locator("dialog")
    same("dialog", dialog.is_visible(), True)
    record = dialog.locator("pre").inner_text()
    for part in ('"n": 12345678901234567890', "</script><script>window.harmed=1", '\\u001b[31m'):
        if part not in record:
            sys.exit(f"the record is not as it was logged: {part!r} in {record!r}")
    note = dialog.locator(".note").inner_text()
    same("where it lies", note, f"logs/1.json.gz, record 3 at byte 1200, SHA-256 of the input {'ab' * 32}")
    page.screenshot(path=folder / "details.png")
    page.keyboard.press("Escape")
    opened.wait_for(lambda: dialog.count() == 0, "the end of the dialog")
    same("back where it was", page.evaluate("document.activeElement.className"), "open")
    for row in range(7):
        page.locator(".open").nth(row).click()
        page.get_by_role("button", name="Close").click()

    page.evaluate("navigator.clipboard.writeText = async (text) => { window.copied = text; }")
    page.get_by_role("button", name="Copy CSV").click()
    same("copied", page.evaluate("window.copied").encode(), whole)
    page.keyboard.press("Control+Home")
    opened.finish()
    context.close()


def check_many(chromium, folder):
    context = chromium.new_context(viewport={"width": 1280, "height": 900})
    opened = Opened(context, folder / "page.html")
    page = opened.page
    same("rows", opened.count(), "50,000 rows")

    def quick(what, script, most):
        took = page.evaluate(
            f"() => {{ const start = performance.now(); {script}; document.body.offsetHeight; "
            "return performance.now() - start; }"
        )
        print(f"{what}: {took:.0f} ms")
        if took > most:
            sys.exit(f"{what}: took {took:.0f} ms, at most {most}")

    print(f"opened: {opened.seconds:.2f} s")
    if opened.seconds > 10:
        sys.exit(f"opened in {opened.seconds:.1f} s")
    for column in ("event_time", "actor", "contact_id"):
        quick(f"sort by {column}", f"document.querySelector('[data-sort={column}]').click()", 2000)
    rows = page.locator("tbody tr").count()
    if rows > 150:
        sys.exit(f"{rows} rows are drawn at once")
    page.locator(".grid-box").evaluate("box => { box.scrollTop = box.scrollHeight; }")
    last = page.locator("tbody tr").last
    opened.wait_for(lambda: last.get_attribute("aria-rowindex") == "50001", "the last row")
    search = page.locator(".tools input[type=search]")
    started = time.monotonic()
    search.press_sequentially("person-7")
    opened.wait_for(lambda: " of 50,000 rows" in opened.count(), "the typed rows")
    seconds = time.monotonic() - started
    print(f"typed: {seconds:.2f} s")
    if seconds > 5:
        sys.exit(f"typing took {seconds:.1f} s")
    search.fill("")
    opened.wait_for_count("50,000 rows")
    for _ in range(2):
        page.locator("[data-sort=contact_id]").click()
    same("CSV of all rows", opened.download(), (folder / "rows.csv").read_bytes())
    page.evaluate(
        "addEventListener('beforeprint', () => { window.printed = document.querySelectorAll('tbody tr').length; })"
    )
    page.pdf(path=folder / "A4.pdf", format="A4")
    same("rows on paper, with a last line", page.evaluate("window.printed"), 5001)
    page.locator(".bar[data-role=contact]").first.click()
    if " of 50,000 rows" not in opened.count():
        sys.exit(f"a contact's rows: {opened.count()}")
    opened.finish()
    context.close()


def check_nothing(chromium, folder):
    check_looks(chromium, folder)
    opened = Opened(chromium.new_context(), folder / "page.html")
    answer = opened.page.locator(".answer").inner_text()
    if not answer.startswith("Nothing was found: of 7 records read"):
        sys.exit(f"nothing reads as {answer!r}")
    same("charts", opened.page.locator("svg").count(), 0)
    opened.finish()


def check_several(chromium, folder):
    check_looks(chromium, folder)
    opened = Opened(chromium.new_context(), folder / "page.html")
    page = opened.page
    same("title", page.locator("h1").inner_text(), "Recordings in March")
    same("questions", page.locator("section.report").count(), 3)
    same("rows", [opened.count(0), opened.count(1)], ["7 rows", "3 rows"])
    page.locator("#report-1 .bar[data-role=person]").first.click()
    same("a choice counts for its question", [opened.count(0), opened.count(1)], ["7 rows", "1 of 3 rows"])
    page.locator(".overview a").nth(1).click()
    opened.finish()


def main():
    check, path, folder = sys.argv[1:]
    checks = {
        "hostile": check_hostile,
        "many": check_many,
        "nothing": check_nothing,
        "several": check_several,
    }
    with browser(path) as chromium:
        checks[check](chromium, pathlib.Path(folder))


if __name__ == "__main__":
    main()
