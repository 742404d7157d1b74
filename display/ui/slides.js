// The information slides: texts, images and videos one after the other; what cannot be shown is passed over.
import { el } from "/shared/draw.js";
import { names, spans } from "./board_words.js";

const LOAD_MS = 10_000; // a file that is not ready by then is passed over in this round
const AGAIN_MS = 60_000; // none could be shown: files may have been put in place since
const STILL_MS = 10_000; // a video that has not moved for so long has died
const SIZES = [20, 17, 15, 13, 11, 9.5, 8, 7, 6, 5, 4, 3.2]; // of a text, in hundredths of the frame's shorter side

/**
 * The slide in sight stays until the next one is ready, then its file is let go: between changes one
 * media element is held, however long the board runs.
 * @param {HTMLElement} frame
 */
export function makeSlides(frame) {
  let [slides, tongue, key] = [[], null, ""];
  let index = -1;
  let run = 0; // a preparation that a newer list has overtaken shows nothing any more
  let timer;
  let failed = true;
  new ResizeObserver(() => fit(frame.querySelector(".text"))).observe(frame);

  async function next() {
    const mine = ++run;
    clearTimeout(timer);
    for (let tried = 0; tried < slides.length; tried++) {
      index = (index + 1) % slides.length;
      const slide = slides[index];
      const element = await prepare(slide, tongue);
      if (mine !== run) return release(element);
      if (!element) continue;
      failed = false;
      put(element);
      if (slide.kind === "video") return watch(element);
      if (slides.length > 1) timer = setTimeout(next, slide.seconds * 1000);
      return;
    }
    failed = true;
    put(null);
    if (slides.length) timer = setTimeout(next, AGAIN_MS);
  }

  function put(element) {
    const before = [...frame.children];
    frame.replaceChildren(...(element ? [element] : []));
    before.forEach(release);
    fit(frame.querySelector(".text"));
  }

  /** A video is shown whole. */
  function watch(video) {
    const mine = run;
    const go = () => mine === run && next();
    let moved = -1;
    const look = () => {
      if (mine !== run) return;
      if (video.currentTime === moved) return go();
      moved = video.currentTime;
      timer = setTimeout(look, STILL_MS);
    };
    video.addEventListener("ended", go, { once: true });
    video.addEventListener("error", go, { once: true });
    video.play().then(look, go);
  }

  return {
    /** @param {any[]} list the board's slides @param {import("./board_words.js").Tongue} speaks */
    show(list, speaks) {
      const wanted = JSON.stringify([list, speaks]);
      if (wanted === key) return;
      [slides, tongue, key, index, failed] = [list, speaks, wanted, -1, list.length === 0];
      next();
    },
    /** Whether there is nothing to show: no slides, or none of them can be shown. */
    nothing: () => failed,
  };
}

/** The slide's element with its file loaded; null when it cannot be shown. */
async function prepare({ kind, file, text }, tongue) {
  const texts = names(tongue, text);
  const label = texts.map((one) => one.text).join(" / ");
  const address = `/slides/${encodeURIComponent(file ?? "")}`;
  if (kind === "text") return texts.length ? el("div", { class: "slide text" }, el("p", {}, ...spans(texts))) : null;
  if (kind === "image") {
    const image = el("img", { class: "slide", alt: label, src: address });
    return (await inTime(image.decode())) ? image : null;
  }
  if (kind !== "video") return null;
  const video = el("video", { class: "slide", "aria-label": label || false, preload: "auto", playsinline: true });
  video.muted = true;
  const ready = new Promise((resolve, reject) => {
    video.addEventListener("canplay", resolve, { once: true });
    video.addEventListener("error", reject, { once: true });
  });
  video.src = address;
  if (await inTime(ready)) return video;
  release(video);
  return null;
}

/** Whether a promise is kept in time. */
function inTime(promise) {
  return new Promise((resolve) => {
    const timer = setTimeout(() => resolve(false), LOAD_MS);
    const end = (kept) => {
      clearTimeout(timer);
      resolve(kept);
    };
    promise.then(() => end(true), () => end(false));
  });
}

/** Let a file go at once: a video without this is kept for as long as the page lives. */
function release(element) {
  if (!element?.matches("video")) return;
  element.pause();
  element.removeAttribute("src");
  element.load();
}

/** The largest of the sizes in which the text stands whole. @param {HTMLElement | null} slide */
function fit(slide) {
  if (!slide) return;
  for (const size of SIZES) {
    slide.style.fontSize = `${size}cqmin`;
    if (slide.scrollHeight <= slide.clientHeight && slide.scrollWidth <= slide.clientWidth) return;
  }
}
