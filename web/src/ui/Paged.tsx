/** A list fetched page by page: its items, loading and empty states, and a button for more. */
import type { InfiniteData, UseInfiniteQueryResult } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { Loading } from './Loading.tsx'
import { ProblemNotice } from './Notice.tsx'

interface Props<Item> {
  list: UseInfiniteQueryResult<InfiniteData<{ items: Item[] }>>
  /** The class of the list. */
  className: string | undefined
  keyOf: (item: Item) => string
  /** Shown instead of an empty list. */
  none: ReactNode
  children: (item: Item) => ReactNode
}

export function Paged<Item>({ list, className, keyOf, none, children }: Props<Item>) {
  const { t } = useTranslation()
  const found = list.data?.pages.flatMap(page => page.items) ?? []
  return (
    <>
      {list.isPending && <Loading />}
      {list.isError && <ProblemNotice error={list.error} retry={() => void list.refetch()} />}
      {list.isSuccess && found.length === 0 && none}
      {found.length > 0 && (
        <ul className={className}>
          {found.map(item => (
            <li key={keyOf(item)}>{children(item)}</li>
          ))}
        </ul>
      )}
      {list.hasNextPage && (
        <button
          type="button"
          className="button quiet"
          disabled={list.isFetching}
          onClick={() => void list.fetchNextPage()}
        >
          {t('more')}
        </button>
      )}
    </>
  )
}
