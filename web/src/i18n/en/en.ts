/** The texts of the first screens. Other groups come with their screens. */
import account from './account.json'
import common from './common.json'
import problems from './problems.json'
import shows from './shows.json'

export default { account, common, problems, shows }
