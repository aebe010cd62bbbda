export async function pageOf(_file: File, _page: number, _side: number): Promise<Blob> {
  throw new Error('x')
}
