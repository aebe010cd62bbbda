/** How texts name a section: `{{section, section}}`. */
import type { i18n } from 'i18next'

/** Names that say by themselves what part of a house they are. */
const WHOLE = /(구역|층|석|존|블록)$/

/** Teaches a language pack, once it is initialised, to say “section” only where a section's name does not say it already. */
export function nameSections({ services }: Pick<i18n, 'services'>): void {
  services.formatter?.add('section', (name: string, language) => {
    if (WHOLE.test(name)) return name
    return language?.startsWith('ko') ? `${name}구역` : `Section ${name}`
  })
}
