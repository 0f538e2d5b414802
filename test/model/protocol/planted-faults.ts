/** The rules of a lane, as `LIMITS` of lane.pml numbers them. */
export type LaneRules = 0 | 1 | 2;

/** A change of the protocol that breaks a promise: SPIN must find a way to it. */
export interface PlantedFault {
  readonly name: string;
  readonly rules: LaneRules;
  readonly from: string;
  readonly to: string;
}

const COMMIT = ':: is_current[me] ->\n          assert(is_pending[id]';
const LEAVES = 'opens[me] == 0 && latest[me] > 0 && own_lease[me] > 0 ->';

export const PLANTED_FAULTS: readonly PlantedFault[] = [
  {
    name: 'a claim is committed whatever the epoch',
    rules: 0,
    from: COMMIT,
    to: COMMIT.replace('is_current[me]', 'is_pending[id]'),
  },
  {
    name: 'the slot keeps the moment at which it opens, not the latest one of the send',
    rules: 0,
    from: 'slot_in = within + DELAY\n          fi',
    to: 'slot_in = opens[me] + DELAY\n          fi',
  },
  {
    name: 'the charge keeps the moment of the claim, not the latest one of the send',
    rules: 1,
    from: 'charge[me] = within + WINDOW\n          ::',
    to: 'charge[me] = opens[me] + WINDOW\n          ::',
  },
  {
    name: 'a call leaves after the end of its lease',
    rules: 0,
    from: LEAVES,
    to: 'opens[me] == 0 && latest[me] > 0 ->',
  },
  {
    name: 'a lease counts from the commit, not from before it',
    rules: 0,
    from: 'lease[me] = LEASE;\n          id = 0;',
    to: 'lease[me] = LEASE; own_lease[me] = LEASE + 1;\n          id = 0;',
  },
  {
    name: 'a late call leaves in its old slot',
    rules: 0,
    from: LEAVES,
    to: 'opens[me] == 0 && own_lease[me] > 0 ->',
  },
  {
    name: 'a late call leaves on its old charge',
    rules: 1,
    from: LEAVES,
    to: 'opens[me] == 0 && own_lease[me] > 0 ->',
  },
  {
    name: 'a late call takes a slot whatever the epoch',
    rules: 0,
    from: ':: is_current[me] -> raise_epoch(me); slot_in',
    to: ':: true -> raise_epoch(me); slot_in',
  },
  {
    name: 'a late call is charged whatever the epoch',
    rules: 1,
    from: ':: is_current[me] -> raise_epoch(me); charge',
    to: ':: true -> raise_epoch(me); charge',
  },
  {
    name: 'a late call takes a slot under old settings',
    rules: 0,
    from: '!is_own[me] && version == settings[me] && slot_in',
    to: '!is_own[me] && slot_in',
  },
  {
    name: 'a late call is charged under old settings',
    rules: 1,
    from: ':: version != settings[me] -> goto release /* OutdatedSettingsError */\n       :: else',
    to: '  :: true',
  },
  {
    name: 'a reclaim comes before the end of the lease',
    rules: 0,
    from: 'is_open[d] && lease[d] == 0 ->',
    to: 'is_open[d] && lease[d] <= 1 ->',
  },
  {
    name: 'a reclaimed call is no longer in flight',
    rules: 2,
    from: 'lapsed = (LIMITS == 2 -> TIMEOUT : 0)',
    to: 'lapsed = 0',
  },
  {
    name: 'an outcome is written though the dispatch was reclaimed',
    rules: 0,
    from: ':: is_open[d] -> is_open[d] = false; to[id_of[d]]',
    to: ':: true -> is_open[d] = false; to[id_of[d]]',
  },
  {
    name: 'a process that ends gives its charge back',
    rules: 1,
    from: 'charged = max(charged, charge[me]); charge',
    to: 'charge',
  },
  {
    name: 'a hold does not raise the epoch',
    rules: 0,
    from: 'held = HOLD; raise_epoch(me)',
    to: 'held = HOLD',
  },
  {
    name: 'a change of the settings does not raise the epoch',
    rules: 0,
    from: 'is_current[0] = false; is_current[1] = false; is_own[0] = false; is_own[1] = false;\n    /* answered',
    to: '/* answered',
  },
  {
    name: 'a change of the settings is answered at once',
    rules: 0,
    from: 'leaves_within == 0 -> told',
    to: 'true -> told',
  },
  {
    name: 'a change of limits is answered at once',
    rules: 1,
    from: 'leaves_within == 0 -> told',
    to: 'true -> told',
  },
];
