/** How the front end is built, served while it is developed, and tested. */
import react from '@vitejs/plugin-react'
import { defineConfig } from 'vitest/config'

/** Where the functions answer while the front end is developed. */
const functions = process.env.YEMAE_URL ?? 'http://127.0.0.1:8080'

/** A browser and a whole Yemae take their time. */
const patient = { testTimeout: 120_000, hookTimeout: 120_000 }

export default defineConfig({
  plugins: [react()],
  build: {
    target: 'es2023',
    // A picture within the style sheet would need `data:` in the content security policy.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    // What every screen needs is one file of libraries and one of ours: together they compress better, and ours alone
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
      // Not tests: they measure and draw what docs/WEB.md shows.
      {
        extends: true,
        test: { name: 'figures', include: ['tests/figures/*.ts'], fileParallelism: false, ...patient },
      },
    ],
  },
})
