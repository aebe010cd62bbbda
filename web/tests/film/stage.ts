/** What is around the two pages in the film: the caption above them, whose page is which, and how Redis does. */
import type { Browser } from 'playwright-core'
import type { Caption, Captions } from './captions.ts'

export const PHONE = { viewport: { width: 390, height: 760 }, hasTouch: true, isMobile: true }
export const CONSOLE = { viewport: { width: 840, height: 760 } }

const MARGIN = 16
const CAPTION_HEIGHT = 92
const LABEL_HEIGHT = 28
const TOP = CAPTION_HEIGHT + LABEL_HEIGHT

interface Box {
  x: number
  y: number
  width: number
  height: number
}

/** Where the pages are, in pixels. */
export const PHONE_AT: Box = { x: MARGIN, y: TOP, ...PHONE.viewport }
export const CONSOLE_AT: Box = { x: 2 * MARGIN + PHONE.viewport.width, y: TOP, ...CONSOLE.viewport }
export const FILM = {
  width: CONSOLE_AT.x + CONSOLE_AT.width + MARGIN,
  height: TOP + PHONE.viewport.height + MARGIN,
}

/** A picture for each caption, with holes for the pages: put over them. */
export async function stagePictures(
  browser: Browser,
  captions: Captions,
  shown: readonly Caption[],
  file: (index: number) => string,
): Promise<void> {
  const context = await browser.newContext({ viewport: FILM })
  const page = await context.newPage()
  for (const [index, caption] of shown.entries()) {
    await page.setContent(html(caption, captions))
    await page.screenshot({ path: file(index), omitBackground: true })
  }
  await context.close()
}

function html({ text, detail, redis }: Caption, { buyer, organizer }: Captions): string {
  return `<!doctype html><style>
    * { box-sizing: border-box; margin: 0 }
    body { font-family: "Noto Sans CJK KR", sans-serif; color: #fff; overflow: hidden }
    svg, header, .label { position: absolute }
    svg { inset: 0 }
    header { inset: 0 0 auto 0; height: ${CAPTION_HEIGHT}px; padding: 0 ${MARGIN + 6}px; display: flex; align-items: center; gap: 24px }
    h1 { font-size: 32px; line-height: 1.3; font-weight: 700; letter-spacing: -0.01em }
    p { font-size: 19px; line-height: 1.4; color: #c9c7d1 }
    .words { flex: 1 }
    .redis { display: flex; align-items: center; gap: 10px; padding: 8px 16px; border-radius: 999px; font-size: 18px; font-weight: 700; white-space: nowrap; background: #16321f; color: #6fd79a }
    .redis.killed { background: #b3261e; color: #fff }
    .redis i { width: 12px; height: 12px; border-radius: 50%; background: currentColor }
    .label { top: ${CAPTION_HEIGHT}px; height: ${LABEL_HEIGHT}px; font-size: 16px; font-weight: 500; color: #a5a0ff }
  </style>
  <svg width="${FILM.width}" height="${FILM.height}"><path fill="#19181c" fill-rule="evenodd" d="M0 0H${FILM.width}V${FILM.height}H0Z ${hole(PHONE_AT)} ${hole(CONSOLE_AT)}"/></svg>
  <header>
    <div class="words"><h1>${text}</h1><p>${detail}</p></div>
    <div class="redis ${redis}"><i></i>${redis === 'killed' ? 'Redis · kill -9' : 'Redis'}</div>
  </header>
  <div class="label" style="left:${PHONE_AT.x + 6}px">${buyer}</div>
  <div class="label" style="left:${CONSOLE_AT.x + 6}px">${organizer}</div>`
}

/** A rectangle with round corners, as a path. */
function hole({ x, y, width, height }: Box): string {
  const r = 12
  const [right, below] = [width - 2 * r, height - 2 * r]
  const arc = (dx: number, dy: number) => `a${r} ${r} 0 0 1 ${dx} ${dy}`
  return `M${x + r} ${y}h${right}${arc(r, r)}v${below}${arc(-r, r)}h${-right}${arc(-r, -r)}v${-below}${arc(r, -r)}z`
}
