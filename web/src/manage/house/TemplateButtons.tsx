/** Houses to start from. A template replaces what was built, so it asks first. */
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Dialog } from '../../ui/Dialog.tsx'
import styles from './Builder.module.css'
import type { House } from './house.ts'
import { houseOf, TEMPLATES, type Template } from './templates.ts'

interface Props {
  grades: readonly string[]
  /** Whether a template would replace work. */
  touched: boolean
  onChoose: (house: House) => void
}

export function TemplateButtons({ grades, touched, onChoose }: Props) {
  const { t } = useTranslation(['manage', 'common'])
  const [asked, setAsked] = useState<Template>()
  const choose = (template: Template) => {
    setAsked(undefined)
    onChoose(houseOf(template, grades))
  }
  return (
    <fieldset className={styles.templates}>
      <legend>{t('house.templates')}</legend>
      {TEMPLATES.map(template => (
        <button
          key={template}
          type="button"
          className="button quiet small"
          onClick={() => (touched ? setAsked(template) : choose(template))}
        >
          {t(`templates.${template}`)}
        </button>
      ))}
      {asked !== undefined && (
        <Dialog
          title={t('house.replace')}
          onClose={() => setAsked(undefined)}
          actions={
            <>
              <button type="button" className="button quiet" onClick={() => setAsked(undefined)}>
                {t('common:cancel')}
              </button>
              <button type="button" className="button" onClick={() => choose(asked)}>
                {t('house.replaceYes')}
              </button>
            </>
          }
        >
          <p>{t('house.replaceText', { template: t(`templates.${asked}`) })}</p>
        </Dialog>
      )}
    </fieldset>
  )
}
