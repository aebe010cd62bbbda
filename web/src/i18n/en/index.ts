/** All texts of this language by group, for types and tests. Screens fetch only what they need. */
import account from './account.json'
import bookings from './bookings.json'
import common from './common.json'
import houses from './houses.json'
import manage from './manage.json'
import plans from './plans.json'
import problems from './problems.json'
import queue from './queue.json'
import seats from './seats.json'
import shows from './shows.json'

export default { account, bookings, common, houses, manage, plans, problems, queue, seats, shows }
