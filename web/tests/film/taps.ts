/** Shows where a page was tapped, which a film would hide. */
import type { Page } from 'playwright-core'

export async function showTaps(page: Page): Promise<void> {
  await page.addInitScript(() => {
    const SIZE_PX = 44
    addEventListener(
      'pointerdown',
      ({ clientX, clientY }) => {
        const dot = document.createElement('div')
        Object.assign(dot.style, {
          position: 'fixed',
          left: `${clientX - SIZE_PX / 2}px`,
          top: `${clientY - SIZE_PX / 2}px`,
          width: `${SIZE_PX}px`,
          height: `${SIZE_PX}px`,
          borderRadius: '50%',
          background: 'rgb(255 80 60 / 55%)',
          pointerEvents: 'none',
          zIndex: '9999',
        })
        document.documentElement.append(dot)
        dot.animate([{ opacity: 1 }, { opacity: 1, offset: 0.6 }, { opacity: 0 }], 900).onfinish = () => dot.remove()
      },
      { capture: true },
    )
  })
}
