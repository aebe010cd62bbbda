/** A name as the server stores it: in one normal form, with single spaces, without invisible characters. */
export function plain(name: string): string {
  const seen = name.normalize('NFC').replace(/\p{Default_Ignorable_Code_Point}/gu, '')
  return seen.replace(/\s+/gu, ' ').trim().normalize('NFC')
}
