// Draws the charts of a period from the page's own figures; their tables are there without it, and on paper.
import uPlot from "/shared/lib/uPlot.esm.js";

const HEIGHT = 300;
const FONT = '14px "Golos Text", "DejaVu Sans", sans-serif';
const BOLD = `600 ${FONT}`;
const LEAST_LABEL = 64; // so many pixels a label of the axis below needs
const WHOLE_LABEL = 128; // and the whole name of a month

const charts = JSON.parse(document.getElementById("charts").textContent);
// Browsers often know no Kazakh numbers; they are written as the Russian ones.
const locale = document.documentElement.lang === "kk" ? "ru" : document.documentElement.lang;
const number = new Intl.NumberFormat(locale, { maximumFractionDigits: 1 });
const exact = new Intl.NumberFormat(locale, { minimumFractionDigits: 1, maximumFractionDigits: 1 });
const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();
const pixels = () => window.devicePixelRatio || 1;

await document.fonts.ready;
for (const place of document.querySelectorAll("[data-chart]")) show(place, charts[place.dataset.chart]);
printing();

/** A chart in its place; its table is then one touch away. */
function show(place, chart) {
  if (!chart || !chart.values.some((value) => value !== null)) return;
  place.hidden = false;
  const table = place.parentElement.querySelector("details.table");
  if (table) table.open = false;
  const drawn = bars(place, chart);
  new ResizeObserver(() => drawn.setSize({ width: place.clientWidth, height: HEIGHT })).observe(place);
}

function bars(place, chart) {
  const count = chart.labels.length;
  const data = [chart.labels.map((_label, index) => index), chart.values];
  const series = [
    {},
    {
      fill: colour("primary"),
      stroke: colour("primary"),
      width: 0,
      paths: uPlot.paths.bars({ size: [chart.width ? 0.92 : 0.62, 96], radius: chart.width ? 0 : 0.06 }),
      points: { show: false },
    },
  ];
  if (chart.limit) {
    data.push(chart.limit);
    series.push({ width: 0, points: { show: false } }); // the scale must hold it; drawn with its word
  }
  const options = {
    width: place.clientWidth,
    height: HEIGHT,
    padding: [chart.width ? 52 : 24, 12, 0, 0],
    legend: { show: false },
    cursor: { show: false },
    select: { show: false },
    scales: {
      x: { time: false, range: () => [-0.6, count - 0.4] },
      y: { range: (_plot, _least, most) => [0, (most || 1) * 1.12] },
    },
    axes: [
      {
        ...axis(),
        size: 36,
        grid: { show: false },
        splits: () => data[0],
        filter: (plot, splits) => splits.map((split) => (split % every(plot, count) ? null : split)),
        values: (plot, splits) => splits.map((split) => (split === null ? "" : label(plot, chart, split))),
      },
      { ...axis(), values: (_plot, splits) => splits.map((split) => `${number.format(split)} ${chart.unit}`), size: 76 },
    ],
    series,
    hooks: { draw: [(plot) => marks(plot, chart)] },
  };
  return new uPlot(options, data, place);
}

function axis() {
  return { font: FONT, stroke: colour("ink"), grid: { stroke: colour("line"), width: 1 }, ticks: { show: false } };
}

/** Of a narrow chart not every bar has a label. */
function every(plot, count) {
  return Math.ceil(LEAST_LABEL / room(plot, count));
}

/** Where there is little room months are told apart by their first letters. */
function label(plot, chart, index) {
  const whole = chart.labels[index];
  return room(plot, chart.labels.length) > WHOLE_LABEL ? whole : whole.replace(/^(\S{3})\S* \d{2}(\d{2})$/, "$1 $2");
}

/** Pixels for each bar. */
function room(plot, count) {
  return Math.max(1, plot.bbox.width / pixels() / count);
}

/** Values over the bars where there is room, and the limit, median and P90 in words. */
function marks(plot, chart) {
  const { ctx, bbox } = plot;
  ctx.save();
  ctx.font = BOLD.replace("14px", `${14 * pixels()}px`);
  ctx.fillStyle = colour("ink");
  ctx.textAlign = "center";
  ctx.textBaseline = "bottom";
  if (room(plot, chart.labels.length) > 36) {
    chart.values.forEach((value, index) => {
      if (value === null || (!value && chart.width)) return;
      if ([chart.median, chart.p90].some((minutes) => Math.floor(minutes / chart.width) === index)) return; // a line stands there
      ctx.fillText(exact.format(value), plot.valToPos(index, "x", true), plot.valToPos(value, "y", true) - 4 * pixels());
    });
  }
  if (chart.limit) limits(plot, chart);
  if (chart.median !== undefined && chart.median !== null) {
    upright(plot, chart, chart.median, chart.median_label, 0);
    upright(plot, chart, chart.p90, chart.p90_label, 1);
  }
  ctx.restore();
}

/** The limit over each month, and its word over the last. */
function limits(plot, chart) {
  const { ctx, bbox } = plot;
  const known = chart.limit.map((limit, index) => [limit, index]).filter(([limit]) => limit !== null);
  ctx.strokeStyle = ctx.fillStyle = colour("bad");
  ctx.lineWidth = 2 * pixels();
  ctx.setLineDash([8 * pixels(), 6 * pixels()]);
  for (const [limit, index] of known) {
    const y = plot.valToPos(limit, "y", true);
    ctx.beginPath();
    ctx.moveTo(index ? plot.valToPos(index - 0.5, "x", true) : bbox.left, y);
    ctx.lineTo(index < chart.limit.length - 1 ? plot.valToPos(index + 0.5, "x", true) : bbox.left + bbox.width, y);
    ctx.stroke();
  }
  if (!known.length) return;
  const [last] = known.at(-1);
  const words = `${chart.limit_label} ${number.format(last)} ${chart.unit}`.replace(/^./, (letter) => letter.toUpperCase());
  ctx.textAlign = "right";
  ctx.fillText(words, bbox.left + bbox.width - 4 * pixels(), plot.valToPos(last, "y", true) - 4 * pixels());
}

/** A line at so many minutes, with its word above the chart, each word on a line of its own. */
function upright(plot, chart, minutes, label, line) {
  const { ctx, bbox } = plot;
  const x = Math.min(plot.valToPos(minutes / chart.width - 0.5, "x", true), bbox.left + bbox.width);
  const y = bbox.top - (line ? 24 : 46) * pixels();
  ctx.strokeStyle = colour("ink");
  ctx.lineWidth = 2 * pixels();
  ctx.setLineDash(line ? [4 * pixels(), 4 * pixels()] : []);
  ctx.beginPath();
  ctx.moveTo(x, y);
  ctx.lineTo(x, bbox.top + bbox.height);
  ctx.stroke();
  const words = `${label}: ${exact.format(minutes)} ${chart.minutes}`;
  const right = x + 8 * pixels() + ctx.measureText(words).width > bbox.left + bbox.width;
  ctx.textAlign = right ? "right" : "left";
  ctx.textBaseline = "top";
  ctx.fillText(words, x + (right ? -8 : 8) * pixels(), y + 2 * pixels());
}

/** On paper every table is open. */
function printing() {
  const button = document.getElementById("print");
  button.hidden = false;
  button.addEventListener("click", () => window.print());
  let closed = [];
  window.addEventListener("beforeprint", () => {
    closed = [...document.querySelectorAll("details.table:not([open])")];
    for (const table of closed) table.open = true;
  });
  window.addEventListener("afterprint", () => {
    for (const table of closed) table.open = false;
  });
}
