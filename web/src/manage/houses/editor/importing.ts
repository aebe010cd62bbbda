/** Houses from files, with words for what was made of them. The readers are fetched when the first file is chosen. */
import { useTranslation } from 'react-i18next'
import { ImportError, type Imported, type Remark } from '../model/import/imported.ts'
import { importErrorWords, remarkWords } from '../model/words.ts'

export const ACCEPTED = '.json,.svg,.csv,application/json,image/svg+xml,text/csv'

export async function readHouse(file: File): Promise<Imported> {
  const { importFile } = await import('../model/import.ts')
  return importFile(file)
}

export function useImportWords(): { remark(remark: Remark): string; error(error: unknown): string } {
  const { t } = useTranslation('plans')
  return {
    remark: remark => remarkWords(t, remark),
    error: error => importErrorWords(t, error instanceof ImportError ? error : new ImportError('notText')),
  }
}
