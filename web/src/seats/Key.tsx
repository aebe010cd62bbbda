/** What the signs on the map mean: only those that this house has. */
import { useTranslation } from 'react-i18next'
import type { Kind, Plan } from './geometry.ts'
import styles from './Legend.module.css'
import { SYMBOLS } from './map/symbols.ts'

const SIGNS = ['available', 'mine', 'held', 'sold'] as const
const SPECIAL = ['wheelchair', 'companion', 'restricted_view'] as const

export function Key({ plan }: { plan: Plan }) {
  const { t } = useTranslation('seats')
  const kinds = new Set<Kind | undefined>([...plan.special.values()].map(({ kind }) => kind))
  return (
    <ul className={styles.key} aria-label={t('legend.key')}>
      {SIGNS.map(sign => (
        <li key={sign}>
          <svg viewBox="0 0 16 16" width="16" height="16" aria-hidden="true" className={styles[sign]}>
            {sign !== 'sold' && <path d="M4 1.5h8a2 2 0 0 1 2 2V10a4 4 0 0 1-4 4H6a4 4 0 0 1-4-4V3.5a2 2 0 0 1 2-2z" />}
            {sign === 'mine' && <path className={styles.check} d="M5 8l2.2 2.2L11.2 5.6" />}
            {sign === 'held' && <circle cx="8" cy="7.8" r="1.6" />}
            {sign === 'sold' && <path d="M5 5l6 6M11 5l-6 6" />}
          </svg>
          {t(`state.${sign}`)}
        </li>
      ))}
      {SPECIAL.filter(kind => kinds.has(kind)).map(kind => (
        <li key={kind}>
          <svg viewBox="0 0 16 16" width="16" height="16" aria-hidden="true">
            {kind === 'restricted_view' ? <RestrictedView /> : <Sign kind={kind} />}
          </svg>
          {t(`kind.${kind}`)}
        </li>
      ))}
    </ul>
  )
}

function Sign({ kind }: { kind: 'wheelchair' | 'companion' }) {
  return (
    <>
      <path className={styles.sign} d={SYMBOLS[kind].solid} />
      <path className={styles.lines} d={SYMBOLS[kind].lines} />
    </>
  )
}

/** A seat without the corner towards the stage. */
function RestrictedView() {
  return (
    <>
      <path className={styles.sign} d="M2 3.5a2 2 0 0 1 2-2h2.6L14 8.9V10a4 4 0 0 1-4 4H6a4 4 0 0 1-4-4z" />
      <path className={styles.lines} d="M6.8 1.6L13.9 8.7" />
    </>
  )
}
