/** A modal question in the browser's own dialog, which keeps the focus inside and closes on Escape. */
import { type ReactNode, useEffect, useRef } from 'react'
import styles from './Dialog.module.css'

interface Props {
  title: string
  children?: ReactNode
  /** Buttons, the safest first. */
  actions: ReactNode
  onClose: () => void
}

/** Open while it is rendered. */
export function Dialog({ title, children, actions, onClose }: Props) {
  const dialog = useRef<HTMLDialogElement>(null)
  useEffect(() => {
    const shown = dialog.current
    shown?.showModal()
    return () => shown?.close()
  }, [])
  return (
    <dialog
      ref={dialog}
      className={styles.dialog}
      aria-label={title}
      onCancel={event => {
        event.preventDefault()
        onClose()
      }}
    >
      <h2>{title}</h2>
      {children}
      <div className={styles.actions}>{actions}</div>
    </dialog>
  )
}
