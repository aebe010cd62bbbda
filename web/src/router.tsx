/** Every screen and its path. A screen is fetched when it is first visited. */
import { createRootRoute, createRoute, createRouter, lazyRouteComponent, redirect } from '@tanstack/react-router'
import { currentUser } from './account/session.ts'
import { needTexts } from './i18n/index.ts'
import { Shell } from './Shell.tsx'
import { ShowsPage } from './shows/ShowsPage.tsx'
import { Loading } from './ui/Loading.tsx'
import { Broken, NotFound } from './ui/Screens.tsx'

const root = createRootRoute({ component: Shell, notFoundComponent: NotFound })

type SearchTexts<Name extends string> = { [name in Name]?: string }

/** The query parameters with these names that are not empty. */
const texts =
  <Name extends string>(...names: Name[]) =>
  (search: Record<string, unknown>): SearchTexts<Name> => {
    const said = names.filter(name => typeof search[name] === 'string' && search[name] !== '')
    return Object.fromEntries(said.map(name => [name, search[name]])) as SearchTexts<Name>
  }

/** Sends a visitor who is not signed in to the log-in and back. */
const signedIn = ({ location }: { location: { href: string } }) => {
  if (currentUser() === undefined) throw redirect({ to: '/login', search: { next: location.href } })
}

const shows = createRoute({
  getParentRoute: () => root,
  path: '/',
  validateSearch: texts('q', 'genre', 'from', 'to', 'sort'),
  component: ShowsPage,
})

const show = createRoute({
  getParentRoute: () => root,
  path: '/shows/$showId',
  component: lazyRouteComponent(() => import('./shows/ShowPage.tsx'), 'ShowPage'),
})

const login = createRoute({
  getParentRoute: () => root,
  path: '/login',
  validateSearch: texts('next'),
  component: lazyRouteComponent(() => import('./account/LoginPage.tsx'), 'LoginPage'),
})

const signup = createRoute({
  getParentRoute: () => root,
  path: '/signup',
  validateSearch: texts('next'),
  component: lazyRouteComponent(() => import('./account/SignupPage.tsx'), 'SignupPage'),
})

const queue = createRoute({
  getParentRoute: () => root,
  path: '/shows/$showId/performances/$performanceId/queue',
  beforeLoad: signedIn,
  loader: () => needTexts('queue'),
  component: lazyRouteComponent(() => import('./queue/QueuePage.tsx'), 'QueuePage'),
})

const seats = createRoute({
  getParentRoute: () => root,
  path: '/shows/$showId/performances/$performanceId/seats',
  beforeLoad: signedIn,
  loader: () => needTexts('seats', 'queue'),
  component: lazyRouteComponent(() => import('./seats/SeatsPage.tsx'), 'SeatsPage'),
})

const bookings = createRoute({
  getParentRoute: () => root,
  path: '/bookings',
  beforeLoad: signedIn,
  loader: () => needTexts('bookings'),
  component: lazyRouteComponent(() => import('./bookings/BookingsPage.tsx'), 'BookingsPage'),
})

const booking = createRoute({
  getParentRoute: () => root,
  path: '/bookings/$bookingId',
  beforeLoad: signedIn,
  loader: () => needTexts('bookings'),
  component: lazyRouteComponent(() => import('./bookings/BookingPage.tsx'), 'BookingPage'),
})

const payment = createRoute({
  getParentRoute: () => root,
  path: '/bookings/$bookingId/pay',
  beforeLoad: signedIn,
  loader: () => needTexts('bookings'),
  component: lazyRouteComponent(() => import('./bookings/PaymentPage.tsx'), 'PaymentPage'),
})

const manage = createRoute({
  getParentRoute: () => root,
  path: '/manage',
  beforeLoad: signedIn,
  loader: () => needTexts('manage'),
  component: lazyRouteComponent(() => import('./manage/ManagePage.tsx'), 'ManagePage'),
})

const newShow = createRoute({
  getParentRoute: () => root,
  path: '/manage/shows/new',
  beforeLoad: signedIn,
  loader: () => needTexts('manage'),
  component: lazyRouteComponent(() => import('./manage/NewShowPage.tsx'), 'NewShowPage'),
})

const managedShow = createRoute({
  getParentRoute: () => root,
  path: '/manage/shows/$showId',
  beforeLoad: signedIn,
  loader: () => needTexts('manage'),
  component: lazyRouteComponent(() => import('./manage/ManagedShowPage.tsx'), 'ManagedShowPage'),
})

const newPerformance = createRoute({
  getParentRoute: () => root,
  path: '/manage/shows/$showId/performances/new',
  beforeLoad: signedIn,
  loader: () => needTexts('manage', 'houses', 'seats'),
  component: lazyRouteComponent(() => import('./manage/NewPerformancePage.tsx'), 'NewPerformancePage'),
})

const sale = createRoute({
  getParentRoute: () => root,
  path: '/manage/sales/$performanceId',
  beforeLoad: signedIn,
  loader: () => needTexts('manage'),
  component: lazyRouteComponent(() => import('./manage/SalePage.tsx'), 'SalePage'),
})

const houses = createRoute({
  getParentRoute: () => root,
  path: '/manage/houses',
  beforeLoad: signedIn,
  loader: () => needTexts('manage', 'houses', 'seats'),
  component: lazyRouteComponent(() => import('./manage/houses/HousesPage.tsx'), 'HousesPage'),
})

const newHouse = createRoute({
  getParentRoute: () => root,
  path: '/manage/houses/new',
  beforeLoad: signedIn,
  loader: () => needTexts('manage', 'houses', 'plans', 'seats'),
  component: lazyRouteComponent(() => import('./manage/houses/NewHousePage.tsx'), 'NewHousePage'),
})

const draftHouse = createRoute({
  getParentRoute: () => root,
  path: '/manage/houses/draft',
  beforeLoad: signedIn,
  loader: () => needTexts('manage', 'houses', 'plans', 'seats'),
  component: lazyRouteComponent(() => import('./manage/houses/editor/EditorPage.tsx'), 'DraftPage'),
})

const house = createRoute({
  getParentRoute: () => root,
  path: '/manage/houses/$houseId',
  beforeLoad: signedIn,
  loader: () => needTexts('manage', 'houses', 'plans', 'seats'),
  component: lazyRouteComponent(() => import('./manage/houses/editor/EditorPage.tsx'), 'HousePage'),
})

export const router = createRouter({
  routeTree: root.addChildren([
    shows,
    show,
    login,
    signup,
    queue,
    seats,
    bookings,
    booking,
    payment,
    manage,
    newShow,
    managedShow,
    newPerformance,
    sale,
    houses,
    newHouse,
    draftHouse,
    house,
  ]),
  defaultPendingComponent: Loading,
  defaultErrorComponent: Broken,
  defaultPreload: 'intent',
  scrollRestoration: true,
})

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router
  }
}
