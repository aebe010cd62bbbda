/** The style's colours in a form that a canvas takes. */

export interface Palette {
  paper: string
  card: string
  sunk: string
  ink: string
  inkSoft: string
  line: string
  lineStrong: string
  accent: string
  onAccent: string
  grades: string[]
  font: string
  /** Whether the system forces its own colours: grades then differ by patterns. */
  forced: boolean
}

const GRADES = 6

/** The colour token of a grade, the dearest first; colours repeat when there are more grades. */
export function gradeToken(grade: number): string {
  return `--grade-${(grade % GRADES) + 1}`
}

/** Reads the colours from the browser, which applies the theme. */
export function readPalette(beside: HTMLElement, grades: number): Palette {
  const probe = document.createElement('span')
  probe.hidden = true
  beside.append(probe)
  const colour = (token: string) => {
    probe.style.color = `var(${token})`
    return getComputedStyle(probe).color
  }
  const palette = {
    paper: colour('--paper'),
    card: colour('--card'),
    sunk: colour('--sunk'),
    ink: colour('--ink'),
    inkSoft: colour('--ink-soft'),
    line: colour('--line'),
    lineStrong: colour('--line-strong'),
    accent: colour('--accent'),
    onAccent: colour('--on-accent'),
    grades: gradesIn(colour, probe, grades),
    font: getComputedStyle(probe).fontFamily,
    forced: matchMedia('(forced-colors: active)').matches,
  }
  probe.remove()
  return palette
}

/** Grades keep their colours even where the system forces its own, as their swatches do. */
function gradesIn(colour: (token: string) => string, probe: HTMLElement, grades: number): string[] {
  probe.style.setProperty('forced-color-adjust', 'none')
  return Array.from({ length: grades }, (_, grade) => colour(gradeToken(grade)))
}

/** A mix of two colours. */
export function mixed(from: string, to: string, part: number): string {
  const [a, b] = [channels(from), channels(to)]
  return `rgb(${a.map((value, index) => Math.round(value + ((b[index] ?? value) - value) * part)).join(' ')})`
}

/** The one of two colours that is more readable on a background. */
export function readable(ground: string, one: string, other: string): string {
  const on = luminance(ground)
  return contrast(on, luminance(one)) >= contrast(on, luminance(other)) ? one : other
}

export function channels(colour: string): number[] {
  return (colour.match(/[\d.]+/g) ?? []).slice(0, 3).map(Number)
}

function luminance(colour: string): number {
  const [red = 0, green = 0, blue = 0] = channels(colour).map(value => {
    const part = value / 255
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4
  })
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue
}

function contrast(a: number, b: number): number {
  return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05)
}
