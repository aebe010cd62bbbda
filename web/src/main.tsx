/** Starts the front end: theme, language, then the first screen. */
import { QueryClientProvider } from '@tanstack/react-query'
import { RouterProvider } from '@tanstack/react-router'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { accessToken, forgetAccessToken, onSessionChange } from './account/session.ts'
import { signWith } from './api/client.ts'
import { queries } from './api/queries.ts'
import { startLanguage } from './i18n/index.ts'
import { router } from './router.tsx'
import './ui/tokens.css'
import './ui/base.css'
import { applyTheme } from './ui/theme.ts'

applyTheme()
signWith({ accessToken, forgetAccessToken })
onSessionChange(() => {
  queries.clear()
  void router.invalidate()
})
await startLanguage()
const root = document.getElementById('root')
if (root !== null) {
  createRoot(root).render(
    <StrictMode>
      <QueryClientProvider client={queries}>
        <RouterProvider router={router} />
      </QueryClientProvider>
    </StrictMode>,
  )
}
