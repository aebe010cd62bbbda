/** What stays on this device: drafts and the images they are traced from, in the browser's own database. */

const DATABASE = 'yemae.houses'
const STORE = 'kept'

let opened: Promise<IDBDatabase> | undefined

function open(): Promise<IDBDatabase> {
  opened ??= new Promise<IDBDatabase>((resolve, reject) => {
    const request = indexedDB.open(DATABASE, 1)
    request.onupgradeneeded = () => request.result.createObjectStore(STORE)
    request.onsuccess = () => resolve(request.result)
    request.onerror = () => reject(request.error)
  }).catch(error => {
    opened = undefined
    throw error
  })
  return opened
}

async function done<T>(mode: IDBTransactionMode, work: (store: IDBObjectStore) => IDBRequest<T>): Promise<T> {
  const database = await open()
  return new Promise((resolve, reject) => {
    const transaction = database.transaction(STORE, mode)
    const request = work(transaction.objectStore(STORE))
    transaction.oncomplete = () => resolve(request.result)
    transaction.onerror = () => reject(transaction.error)
    transaction.onabort = () => reject(transaction.error)
  })
}

/** What was kept under a key; nothing if the browser keeps nothing. */
export async function kept<T>(key: string): Promise<T | undefined> {
  return done<T | undefined>('readonly', store => store.get(key)).catch(() => undefined)
}

/** Keeps a value, in the place of the one before. */
export async function keep(key: string, value: unknown): Promise<void> {
  await done('readwrite', store => store.put(value, key))
}

export async function drop(key: string): Promise<void> {
  await done('readwrite', store => store.delete(key))
}
