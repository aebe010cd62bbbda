/** Chooses a house of the library for a performance. */
import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { useFormat } from '../../ui/format.ts'
import { Paged } from '../../ui/Paged.tsx'
import { withGradesOf } from './editor/desk.ts'
import styles from './Houses.module.css'
import { HouseThumbnail } from './HouseThumbnail.tsx'
import { type HouseSummary, houseQuery, housesQuery } from './library.ts'

/** A version of a house. */
export interface ChosenHouse {
  house_id: string
  version: number
}

interface Props {
  chosen: ChosenHouse | undefined
  onChoose: (chosen: ChosenHouse) => void
}

export function HouseChoice({ chosen, onChoose }: Props) {
  const { t } = useTranslation('houses')
  const houses = useInfiniteQuery(housesQuery)
  return (
    <Paged
      list={houses}
      className={styles.choices}
      keyOf={house => house.house_id}
      none={
        <p className="row soft">
          {t('choose.none')} <Link to="/manage/houses/new">{t('choose.draw')}</Link>
        </p>
      }
    >
      {house => (
        <Choice
          house={house}
          isChosen={chosen?.house_id === house.house_id}
          onChoose={() => onChoose({ house_id: house.house_id, version: house.version })}
        />
      )}
    </Paged>
  )
}

function Choice({ house, isChosen, onChoose }: { house: HouseSummary; isChosen: boolean; onChoose: () => void }) {
  const { t } = useTranslation('houses')
  const format = useFormat()
  return (
    <button type="button" aria-pressed={isChosen} onClick={onChoose}>
      <HouseThumbnail houseId={house.house_id} version={house.version} />
      <strong>{house.name}</strong>
      <span className="soft numbers">
        {t('placesOf', { places: format.count(house.seat_count) })} · {t('versionOf', { version: house.version })}
      </span>
    </button>
  )
}

/** What a performance must know of the house that was chosen. */
export function useChosenHouse(chosen: ChosenHouse | undefined, grades: readonly { grade: string }[]) {
  const house = useQuery({ ...houseQuery(chosen?.house_id ?? '', chosen?.version), enabled: chosen !== undefined })
  const plan = house.data?.plan
  const known = new Set(grades.map(({ grade }) => grade))
  return {
    /** Grades of the house that the show has no price for. */
    unknown: plan === undefined ? [] : withGradesOf([], plan).filter(grade => !known.has(grade)),
    hasWheelchairs: Object.values(plan?.places ?? {}).some(({ kind }) => kind === 'wheelchair'),
  }
}
