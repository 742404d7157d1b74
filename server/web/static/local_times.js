// Fills the page's <time data-timezone> elements with the office's own day and hour, and shows their line.

for (const element of document.querySelectorAll("time[data-timezone]")) {
  const format = { weekday: "long", day: "numeric", month: "long", hour: "2-digit", minute: "2-digit", hourCycle: "h23" };
  const words = new Intl.DateTimeFormat([document.documentElement.lang, "ru"], { ...format, timeZone: element.dataset.timezone });
  element.textContent = words.format(new Date(element.dateTime));
  element.parentElement.hidden = false;
}
