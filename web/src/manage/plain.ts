/** A name as the server keeps it: one normal form, one space for any white space, nothing that cannot be seen. */
export function plain(name: string): string {
  const seen = name.normalize('NFC').replace(/\p{Default_Ignorable_Code_Point}/gu, '')
  return seen.replace(/\s+/gu, ' ').trim().normalize('NFC')
}
