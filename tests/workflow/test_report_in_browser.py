"""Both reports as a person opens them: Chromium, mouse, keyboard, a phone's width, paper."""

import base64
import re
import shutil
import subprocess
import tarfile
from pathlib import Path

import pandas as pd
import pytest
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.wait import WebDriverWait

import made_genes
from browser import chromium, complaints, requests
from foldcast.files import read_table
from foldcast.report.page import gene_cards
from foldcast.report.page.page import render

pytestmark = pytest.mark.slow

DESKTOP, PHONE = (1280, 900), (390, 844)
AXE = "4.14.1"


@pytest.fixture(scope="module")
def page(complete) -> Path:
    return complete.project.folder / complete.project.results / "report/index.html"


@pytest.fixture(scope="module")
def ours(page, tmp_path_factory):
    """Our own page on a desktop, its charts drawn."""
    with chromium(tmp_path_factory.mktemp("profile"), *DESKTOP) as driver:
        driver.get(page.as_uri())
        wait_for(driver, "return document.body.dataset.genes === 'ready'")
        yield driver


def wait_for(driver, condition: str, *arguments) -> None:
    WebDriverWait(driver, 60).until(lambda browser: browser.execute_script(condition, *arguments))


def note(driver) -> str:
    return driver.find_element(By.ID, "pick-note").text


def test_it_asks_for_nothing_but_itself_and_complains_of_nothing(ours, page):
    # A chart is drawn when it comes into view; one that is passed too fast need not be.
    for chart in ours.find_elements(By.CSS_SELECTOR, ".chart"):
        ours.execute_script("arguments[0].scrollIntoView({block: 'center'})", chart)
        wait_for(ours, "return arguments[0].querySelector('.main-svg') !== null", chart)
    assert set(requests(ours)) == {page.as_uri()}
    assert complaints(ours) == []


def test_every_picture_and_chart_has_words(ours):
    pictures = ours.find_elements(By.CSS_SELECTOR, "img, [role=img]")
    assert len(pictures) > 3
    for picture in pictures:
        words = picture.get_attribute("alt") or picture.get_attribute("aria-label")
        assert words and len(words) > 10


QUESTIONS = {
    "What comes next?", "Which genes are predictable?", "Does folding matter?", "Can I trust it?",
}  # fmt: skip


def test_the_first_screen_answers_before_anything_else(ours):
    ours.execute_script("scrollTo(0, 0)")
    for article in ours.find_elements(By.CSS_SELECTOR, "#summary article:has(.answers)"):
        answers = article.find_elements(By.CSS_SELECTOR, ".answer")
        assert {one.find_element(By.TAG_NAME, "h4").text for one in answers} == QUESTIONS
        for one in answers:
            assert one.find_element(By.CSS_SELECTOR, ".number b").text
            assert one.location["y"] + one.size["height"] < DESKTOP[1]
        before = ours.execute_script(
            "const copy = arguments[0].cloneNode(true);"
            "copy.querySelectorAll('details, svg').forEach(part => part.remove());"
            "return copy.textContent", article,
        )  # fmt: skip
        assert len(before.split()) <= 250
    (painted,) = ours.execute_script(
        "return performance.getEntriesByName('first-contentful-paint').map(one => one.startTime)"
    )
    assert painted < 2000  # ms


def test_the_evidence_is_folded_away_and_says_nothing_twice(ours):
    folded = ours.find_element(By.CSS_SELECTOR, "details.evidence")
    assert folded.get_attribute("open") is None
    items = folded.find_elements(By.CSS_SELECTOR, ".verdicts li")
    said = [item.get_attribute("textContent") for item in items]
    assert len(said) > 5 and len(set(said)) == len(said)
    assert not any("Best baseline, as seen afterwards" in one for one in said)


def test_a_gene_is_picked_with_the_mouse(ours):
    before = note(ours)
    ours.execute_script("document.getElementById('genes').scrollIntoView()")
    ActionChains(ours).click(ours.find_element(By.ID, "pick-after")).perform()
    assert note(ours) != before
    label = ours.find_element(By.ID, "gene-time-course").get_attribute("aria-label")
    assert note(ours).split(":")[0] in label
    assert ours.find_elements(By.CSS_SELECTOR, "#gene-scores tbody tr")
    assert ours.find_elements(By.CSS_SELECTOR, "#gene-neighbours tbody tr")


def test_a_gene_is_picked_with_the_keyboard(ours):
    name = ours.execute_script("return Object.values(foldcast.genes)[0].genes.at(-1)")
    ours.execute_script("document.getElementById('pick-gene').focus()")
    ActionChains(ours).send_keys(name, Keys.ESCAPE, Keys.ENTER, Keys.TAB).perform()
    wait_for(ours, f"return document.getElementById('pick-note').textContent.startsWith('{name}')")
    assert ours.find_element(By.ID, "pick-gene").get_attribute("value") == name


def test_a_gene_of_an_answer_opens_its_card(ours):
    link = ours.find_element(By.CSS_SELECTOR, ".answer button[data-gene]")
    link.send_keys(Keys.ENTER)
    assert note(ours).startswith(link.text)


def test_every_number_of_the_table_of_genes_is_that_of_its_table(ours, page):
    results = page.parent.parent
    scores = pd.read_csv(results / "evaluation/mrna/scores.tsv", sep="\t")
    over = scores[scores["model"] == "stack"].set_index("gene")["skill_over_local_level"]
    ahead = pd.read_csv(results / "evaluation/mrna/stack/ahead.tsv", sep="\t")
    ahead = ahead[ahead["horizon"] == 1].set_index("gene")
    tied = pd.read_csv(results / "graph/mrna/folded/genes.tsv", sep="\t", index_col="gene")
    heads = [cell.text.rstrip(" ▲▼") for cell in
             ours.find_elements(By.CSS_SELECTOR, "#gene-table thead th")]  # fmt: skip
    rows = ours.find_elements(By.CSS_SELECTOR, "#gene-table tbody tr")
    assert len(rows) == len(over)
    assert [row.get_attribute("data-gene") for row in rows[:3]] == list(
        over.sort_values(ascending=False, kind="stable").index[:3]
    )
    for row in rows[::5]:
        gene = row.get_attribute("data-gene")
        cells = [cell.text.replace("−", "-") for cell in row.find_elements(By.XPATH, "./*")]
        shown = dict(zip(heads, cells, strict=True))
        forecast = shown[f"forecast, time {ahead.loc[gene, 'target_time']:g}"]
        ends = ahead.loc[gene, ["predicted", "low", "high"]]
        said = [float(number) for number in re.findall(r"-?\d+\.\d+", forecast)]
        assert said == pytest.approx(list(ends), abs=0.0051)
        assert float(shown["skill over its own level"]) == pytest.approx(over[gene], abs=0.00051)
        assert int(shown["neighbours in contact"]) == tied.loc[gene, "neighbours"]
        assert shown["a change?"].split()[-1] == ahead.loc[gene, "forecast_to_change"]


def test_words_filter_the_table_of_genes_and_a_row_opens_its_gene(ours):
    name = ours.find_elements(By.CSS_SELECTOR, "#gene-table tbody tr")[3].get_attribute("data-gene")
    search = ours.find_element(By.ID, "gene-filter")
    search.send_keys(name.lower())
    shown = ours.find_elements(By.CSS_SELECTOR, "#gene-table tbody tr")
    assert shown and all(name in row.text for row in shown) and len(shown) < 40
    shown[0].find_element(By.TAG_NAME, "button").send_keys(Keys.ENTER)
    assert note(ours).startswith(name)
    search.clear()
    search.send_keys("nothing of that name", Keys.TAB)
    assert "No gene is found" in ours.find_element(By.ID, "gene-table-note").text
    search.clear()
    search.send_keys(" ", Keys.BACKSPACE)


ADA2 = {
    "gene": ["Cecr1", "TADA2A"],
    "symbol": ["ADA2", "TADA2A"],
    "gene_id": ["ENSG00000093072.18", "ENSG00000276234.5"],
    "aliases": ["CECR1|IDGFL", "ADA2A|hADA2"],
}


@pytest.fixture(scope="module")
def of_ada2(tmp_path_factory):
    """A page of 30 made genes, one of them ADA2 under another name."""
    folder = tmp_path_factory.mktemp("ada2")
    tables = made_genes.make(folder, made_genes.names(30, **ADA2))
    cards = gene_cards.cards(tables, "mrna", made_genes.ABOUT, {})
    text = render(
        name="made", lead="", datasets=[], runs=[], enrichment=None, pictures=[], limits=[],
        taken=None, planted="", made={}, versions={}, config="", genes={"mrna": cards},
    )  # fmt: skip
    (folder / "index.html").write_text(text, encoding="utf-8")
    with chromium(folder / "profile", *DESKTOP) as driver:
        driver.get((folder / "index.html").as_uri())
        wait_for(driver, "return document.body.dataset.genes === 'ready'")
        yield driver


def look_up(driver, name: str) -> None:
    field = driver.find_element(By.ID, "pick-gene")
    field.clear()
    field.send_keys(name, Keys.TAB)


@pytest.mark.parametrize(
    "name",
    [
        "ADA2",
        "ada2",
        "ENSG00000093072.18",
        "ensg00000093072",
        "ENSG00000093072.3",
        "cecr1",
        "IDGFL",
    ],
)
def test_one_gene_is_found_by_all_its_names(of_ada2, name):
    look_up(of_ada2, "Gene7")
    look_up(of_ada2, name)
    assert note(of_ada2).startswith("ADA2: Cecr1, ENSG00000093072.18; chr1:7,000 (+)")
    assert of_ada2.find_element(By.CSS_SELECTOR, "#gene-time-course .main-svg").is_displayed()


def test_a_gene_that_is_not_there_is_said_to_be_none_and_clears_the_chart(of_ada2):
    look_up(of_ada2, "NoSuchGene")
    assert "No gene “NoSuchGene” in mrna, by symbol, alias or id" in note(of_ada2)
    assert not of_ada2.find_element(By.ID, "gene-card").is_displayed()
    assert not of_ada2.find_elements(By.CSS_SELECTOR, "#gene-time-course .main-svg")
    look_up(of_ada2, "ada2")
    assert of_ada2.find_element(By.ID, "gene-card").is_displayed()


def test_the_neighbourhood_is_drawn_without_overlap(of_ada2):
    look_up(of_ada2, "Gene15")
    drawing = of_ada2.find_element(By.CSS_SELECTOR, "#gene-place svg")
    assert "6 of its strongest contacts" in drawing.get_attribute("aria-label")
    assert len(drawing.find_elements(By.TAG_NAME, "path")) == 6
    boxes = of_ada2.execute_script(
        "return [...document.querySelectorAll('#gene-place text')].map(text => text.getBBox())"
        ".map(box => [box.x, box.y, box.width, box.height])"
    )
    wide = of_ada2.execute_script("return arguments[0].viewBox.baseVal.width", drawing)
    for k, (x, y, w, h) in enumerate(boxes):
        assert x >= -1 and x + w <= wide + 1
        for a, b, c, d in boxes[k + 1 :]:
            assert x + w < a or a + c < x or y + h <= b + 2 or b + d <= y + 2


def test_headings_sort_by_keyboard_and_say_so(ours):
    heading = ours.find_elements(By.CSS_SELECTOR, "table.sortable th")[3]
    ours.execute_script("arguments[0].scrollIntoView({block: 'center'})", heading)
    heading.find_element(By.TAG_NAME, "button").send_keys(Keys.ENTER)
    assert heading.get_attribute("aria-sort") == "ascending"
    table = heading.find_element(By.XPATH, "./ancestor::table")
    values = ours.execute_script(
        "return [...arguments[0].tBodies[0].rows].map(row => row.cells[3].textContent)", table
    )
    numbers = [float(value.replace("−", "-").replace(",", "")) for value in values if value]
    assert numbers == sorted(numbers)


def test_on_a_phone_nothing_is_wider_than_the_screen(page, tmp_path):
    with chromium(tmp_path / "profile", *PHONE) as driver:
        driver.get(page.as_uri())
        wait_for(driver, "return document.body.dataset.genes === 'ready'")
        last = driver.find_elements(By.CSS_SELECTOR, "#summary article .answer")[3]
        assert last.location["y"] + last.size["height"] <= 1.1 * PHONE[1]
        wide = driver.execute_script("return document.documentElement.scrollWidth")
        assert wide <= PHONE[0]
        assert complaints(driver) == []
        picture = driver.get_screenshot_as_png()
    assert len(picture) > 20_000  # something is on it


def axe(folder: Path) -> str:
    """The checker of accessibility, from the npm registry, in pytest's cache; skips without."""
    script = folder / "package/axe.min.js"
    if not script.exists():
        if not shutil.which("npm"):
            pytest.skip("no npm on this machine to fetch axe-core with")
        try:
            subprocess.run(["npm", "pack", f"axe-core@{AXE}"], cwd=folder, check=True, timeout=120,
                           capture_output=True)  # fmt: skip
        except (subprocess.SubprocessError, OSError) as error:
            pytest.skip(f"axe-core could not be had from the npm registry: {error}")
        with tarfile.open(folder / f"axe-core-{AXE}.tgz") as archive:
            archive.extractall(folder, filter="data")
    return script.read_text()


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_axe_finds_nothing_serious(page, tmp_path, size, request):
    script = axe(request.config.cache.mkdir("axe-core"))
    with chromium(tmp_path / "profile", *size) as driver:
        driver.set_script_timeout(300)
        driver.get(page.as_uri())
        wait_for(driver, "return document.body.dataset.genes === 'ready'")
        driver.execute_script(
            "document.querySelectorAll('details').forEach(part => { part.open = true; });"
        )
        driver.execute_script(script)
        found = driver.execute_async_script(
            "const done = arguments[0]; axe.run(document).then(found => done(found.violations))"
        )
    serious = [
        (one["id"], [node["html"][:200] for node in one["nodes"][:3]])
        for one in found
        if one["impact"] in ("serious", "critical")
    ]
    assert serious == []


def test_it_prints_on_few_pages_with_its_charts(page, tmp_path):
    with chromium(tmp_path / "profile", *DESKTOP) as driver:
        driver.get(page.as_uri())
        wait_for(
            driver,
            "return [...document.querySelectorAll('script[data-chart]')].every(script => "
            "document.getElementById(script.dataset.chart).querySelector('.main-svg'))",
        )
        sheet = driver.execute_cdp_cmd("Page.printToPDF", {"preferCSSPageSize": True})
        assert not driver.find_elements(By.CSS_SELECTOR, "details.evidence[open]")
    pages = re.findall(rb"/Type\s*/Page\b", base64.b64decode(sheet["data"]))
    assert 3 <= len(pages) <= 30


def test_the_skip_link_and_every_control_are_reached_by_keyboard(ours):
    ours.refresh()
    wait_for(ours, "return document.body.dataset.genes === 'ready'")
    ActionChains(ours).send_keys(Keys.TAB).perform()
    assert ours.switch_to.active_element.get_attribute("class") == "skip"
    unreachable = ours.execute_script(
        "return [...document.querySelectorAll('a[href], button, input, select, summary')]"
        ".filter(one => one.tabIndex < 0).map(one => one.outerHTML)"
    )
    assert unreachable == []


def test_snakemakes_own_report_opens_on_what_was_found_and_shows_its_categories(project, tmp_path):
    target = project.folder / "snakemake.html"
    results = project.folder / project.results
    found = ("--report-metadata", str(results / "report/take_away/summary.yaml"))
    project.snakemake("--cores", "1", "--report", str(target), *found)
    with chromium(tmp_path / "profile", *DESKTOP) as driver:
        driver.get(target.as_uri())
        wait_for(driver, "return document.body.innerText.includes('Evaluation')")
        remote = [url for url in requests(driver) if not url.startswith("file:")]
        assert remote == []
        words = driver.find_element(By.TAG_NAME, "body").text
    for table in ("evaluation/mrna/verdict.tsv", "evaluation/folding.tsv"):
        assert read_table(results / table)["sentence"][0] in words
    stages = [words.index(stage) for stage in ("Contact maps", "Gene graphs", "Fits", "Evaluation")]
    assert stages == sorted(stages)
