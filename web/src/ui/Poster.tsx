/** A show's poster. Without one, a picture is drawn from the title, always the same. */
import styles from './Poster.module.css'

interface Props {
  title: string
  url?: string | null | undefined
  seed: string
}

export function Poster({ title, url, seed }: Props) {
  if (url != null && url !== '') return <img className={styles.poster} src={url} alt="" loading="lazy" />
  return <Drawn title={title} seed={seed} />
}

const PALETTES = [
  ['#1e1b4b', '#4f46e5', '#f5b94c', '#fff4e0'],
  ['#3b0a2a', '#c0265f', '#ffb199', '#fff0ea'],
  ['#06302b', '#0f8a78', '#f4d35e', '#f2fff8'],
  ['#2a1506', '#c2571a', '#ffd8a8', '#fff6ec'],
  ['#0b2545', '#2f6fdd', '#8fe1ff', '#eef6ff'],
  ['#241a33', '#7a4fbf', '#ff9fb2', '#f8f0ff'],
]

/** Rows of seats as dots, some lit, under a light on the stage. */
function Drawn({ title, seed }: { title: string; seed: string }) {
  const random = numbersFrom(seed)
  const [back, glow, lit, paper] = PALETTES[Math.floor(random() * PALETTES.length)] ?? []
  const tilt = 60 + random() * 180
  const dots = Array.from({ length: 7 * 9 }, (_, index) => {
    const row = Math.floor(index / 9)
    const x = 30 + (index % 9) * 30
    const bend = ((x - 150) / 150) ** 2 * 22
    return { index, x, y: 236 + row * 24 - bend, on: random() < 0.28 }
  })
  return (
    <svg className={styles.poster} viewBox="0 0 300 400" aria-hidden="true" preserveAspectRatio="xMidYMid slice">
      <rect width="300" height="400" fill={back} />
      <polygon points={`${tilt},0 ${tilt + 14},0 292,214 40,214`} fill={glow} opacity="0.75" />
      <ellipse cx="166" cy="214" rx="126" ry="20" fill={lit} opacity="0.9" />
      {dots.map(dot => (
        <circle key={dot.index} cx={dot.x} cy={dot.y} r="8" fill={dot.on ? lit : paper} opacity={dot.on ? 1 : 0.22} />
      ))}
      <text x="22" y="56" fill={paper} className={styles.initial}>
        {title.slice(0, 1)}
      </text>
    </svg>
  )
}

/** Numbers from 0 to below 1 that depend on the text alone (FNV-1a, then xorshift). */
function numbersFrom(text: string): () => number {
  let state = 0x811c9dc5
  for (const letter of text) state = Math.imul(state ^ (letter.codePointAt(0) ?? 0), 0x01000193)
  return () => {
    state ^= state << 13
    state ^= state >>> 17
    state ^= state << 5
    return (state >>> 0) / 2 ** 32
  }
}
