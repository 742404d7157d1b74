// Fills the page's <time data-timezone> elements with the office's own day and hour, and shows their line.

const HOUR = { hour: "2-digit", minute: "2-digit", hourCycle: "h23" };
const WORDS = { weekday: "long", day: "numeric", month: "long", ...HOUR };
const FIGURES = { day: "2-digit", month: "2-digit", year: "numeric", ...HOUR };

// Browsers often know no Kazakh names of days and months; the date in figures reads the same everywhere.
const { lang } = document.documentElement;
const [locale, format] = lang === "kk" ? ["ru", FIGURES] : [lang, WORDS];

/** Fill every such element inside `root`. @param {ParentNode} root */
export function fillTimes(root) {
  for (const element of root.querySelectorAll("time[data-timezone]")) {
    const words = new Intl.DateTimeFormat(locale, { ...format, timeZone: element.dataset.timezone });
    element.textContent = words.format(new Date(element.dateTime));
    element.parentElement.hidden = false;
  }
}

fillTimes(document);
