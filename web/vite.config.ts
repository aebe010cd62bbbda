/** How the front end is built, served in development, and tested. */
import react from '@vitejs/plugin-react'
import { defineConfig } from 'vitest/config'

/** Where the functions run in development. */
const functions = process.env.YEMAE_URL ?? 'http://127.0.0.1:8080'

/** Time limits for tests with a browser and a whole Yemae. */
const patient = { testTimeout: 120_000, hookTimeout: 120_000 }

export default defineConfig({
  plugins: [react()],
  build: {
    target: 'es2023',
    // An image inlined in the style sheet would need `data:` in the content security policy.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    // What every screen needs is one file of libraries and one of ours: together they compress better, and only ours
    // changes with a release.
    rolldownOptions: {
      output: {
        codeSplitting: {
          groups: [
            {
              name: 'libraries',
              test: /node_modules\/(react|react-dom|scheduler|@tanstack|i18next|react-i18next|openapi-fetch)\//,
            },
            { name: 'ours', test: /src\/(ui|api)\// },
          ],
        },
      },
    },
  },
  server: {
    host: '127.0.0.1',
    port: 5173,
    strictPort: true,
    proxy: Object.fromEntries(
      ['/v1', '/.well-known', '/openapi.json', '/docs', '/healthz'].map(path => [path, { target: functions }]),
    ),
  },
  test: {
    projects: [
      { extends: true, test: { name: 'unit', include: ['tests/unit/**/*.test.ts'] } },
      {
        extends: true,
        test: { name: 'browser', include: ['tests/browser/**/*.test.ts'], fileParallelism: false, ...patient },
      },
      // Not tests: they take the figures and pictures of docs/WEB.md.
      {
        extends: true,
        test: { name: 'figures', include: ['tests/figures/*.ts'], fileParallelism: false, ...patient },
      },
      // The demo's film.
      { extends: true, test: { name: 'film', include: ['tests/film/film.ts'], ...patient } },
    ],
  },
})
