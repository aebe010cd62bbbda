/** The name of a staff member: the e-mail address, or part of the account's id where only that is known. */
import { useTranslation } from 'react-i18next'
import type { LiveSale } from '../queries.ts'

type StaffMember = Pick<LiveSale['bypass'][number], 'user_id'> & { email?: string | null }

export function useStaffName(): (person: StaffMember) => string {
  const { t } = useTranslation('manage')
  return ({ user_id, email }) => email ?? t('changes.account', { id: user_id.slice(-6) })
}
