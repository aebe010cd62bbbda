/** The colour of a grade, with its pattern where colours alone do not tell grades apart. */
import { gradeFill } from './map/marks.ts'
import styles from './Swatch.module.css'

export function SwatchOf({ grade }: { grade: number }) {
  return <i className={styles.swatch} style={gradeFill(grade)} aria-hidden="true" />
}
