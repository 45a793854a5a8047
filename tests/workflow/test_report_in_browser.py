"""Both reports as a person opens them: headless Chromium, mouse, keyboard, a phone's width."""

from pathlib import Path

import pytest
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.wait import WebDriverWait

from browser import chromium, complaints, requests

pytestmark = pytest.mark.slow

DESKTOP, PHONE = (1280, 900), (390, 844)


@pytest.fixture(scope="module")
def page(complete) -> Path:
    return complete.project.folder / complete.project.results / "report/index.html"


@pytest.fixture(scope="module")
def ours(page, tmp_path_factory):
    """Our own page on a desktop, its charts drawn."""
    with chromium(tmp_path_factory.mktemp("profile"), *DESKTOP) as driver:
        driver.get(page.as_uri())
        wait_for(driver, "return document.querySelector('#gene-time-course .main-svg') !== null")
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
    name = ours.execute_script(
        "const data = JSON.parse(document.getElementById('gene-data').textContent);"
        "return Object.values(data)[0].genes.at(-1)"
    )
    ours.execute_script("document.getElementById('pick-dataset').focus()")
    ActionChains(ours).send_keys(Keys.TAB, name, Keys.ESCAPE, Keys.ENTER, Keys.TAB).perform()
    wait_for(ours, f"return document.getElementById('pick-note').textContent.startsWith('{name}')")
    assert ours.find_element(By.ID, "pick-gene").get_attribute("value") == name


def test_a_gene_that_is_not_there_is_said_to_be_none(ours):
    field = ours.find_element(By.ID, "pick-gene")
    field.clear()
    field.send_keys("NoSuchGene", Keys.TAB)
    assert "No gene “NoSuchGene”" in note(ours)


def test_a_row_of_the_gene_table_opens_its_gene_and_words_filter_it(ours):
    table = ours.find_element(By.CSS_SELECTOR, "table[id^='table-']")
    rows = table.find_elements(By.CSS_SELECTOR, "tbody tr")
    name = rows[3].find_element(By.CSS_SELECTOR, "td").text
    search = ours.find_element(By.CSS_SELECTOR, f"[data-filters='{table.get_attribute('id')}']")
    ours.execute_script("arguments[0].scrollIntoView({block: 'center'})", search)
    search.send_keys(name)
    shown = [row for row in rows if row.is_displayed()]
    assert shown and all(name.lower() in row.text.lower() for row in shown)
    assert len(shown) < len(rows)
    ours.execute_script("arguments[0].click()", shown[0])
    assert note(ours).startswith(name)
    search.clear()


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
        wait_for(driver, "return document.querySelector('#gene-time-course .main-svg') !== null")
        last = driver.find_elements(By.CSS_SELECTOR, "#summary article .answer")[3]
        assert last.location["y"] + last.size["height"] <= 1.1 * PHONE[1]
        wide = driver.execute_script("return document.documentElement.scrollWidth")
        assert wide <= PHONE[0]
        assert complaints(driver) == []
        picture = driver.get_screenshot_as_png()
    assert len(picture) > 20_000  # something is on it


def test_snakemakes_own_report_opens_and_shows_its_categories(project, tmp_path):
    target = project.folder / "snakemake.html"
    project.snakemake("--cores", "1", "--report", str(target))
    with chromium(tmp_path / "profile", *DESKTOP) as driver:
        driver.get(target.as_uri())
        wait_for(driver, "return document.body.innerText.includes('Evaluation')")
        remote = [url for url in requests(driver) if not url.startswith("file:")]
        assert remote == []
        words = driver.find_element(By.TAG_NAME, "body").text
    stages = [words.index(stage) for stage in ("Contact maps", "Gene graphs", "Fits", "Evaluation")]
    assert stages == sorted(stages)
