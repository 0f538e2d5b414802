import type { KnownList, Ledger } from './ledger.js';
import type { ListRow, StoreRows } from './store-rows.js';
import type { World } from './world.js';

/** The state of an id of a list by the rows of the store. */
type Place = 'new' | 'retry' | 'in flight' | 'dead' | 'over';

/**
 * Compares everything in the store with itself and with what was told: each id stands in exactly one place, the sums of a
 * list are those of its ids, and nothing that was told is missing.
 */
export function audit(world: World, ledger: Ledger, rows: StoreRows): void {
  const lists = rows.lists();
  const places = new Map(lists.map((list) => [list.seq, placesOf(world, list)]));
  const put = (seq: number, first: number, size: number, place: Place): void => {
    const ofList = places.get(seq);
    for (let position = first; position < first + size; position++) {
      if (ofList === undefined) {
        world.fail('kept', `${place} id ${String(position)} of list ${String(seq)}, which does not exist`);
      } else if (ofList[position] !== 'over') {
        world.fail(
          'ends once',
          `id ${String(position)} of list ${String(seq)} is ${place} and ${String(ofList[position])}`,
        );
      } else {
        ofList[position] = place;
      }
    }
  };
  rows.retries().forEach(({ seq, position }) => {
    put(seq, position, 1, 'retry');
  });
  rows.dead().forEach(({ seq, first, size }) => {
    put(seq, first, size, 'dead');
  });
  rows.inFlight().forEach(({ seq, first, size }) => {
    put(seq, first, size, 'in flight');
  });
  const byIngestion = new Map(lists.map((list) => [list.ingestionId, list]));
  const owners = new Map<string, string>();
  for (const list of lists) {
    compareSums(world, list, places.get(list.seq) ?? []);
    compareIds(world, ledger, list, rows.idsOf(list), owners);
  }
  for (const list of ledger.lists) {
    compareTold(world, ledger, list, byIngestion, places);
  }
}

function placesOf(world: World, { seq, total, taken, isCancelled }: ListRow): Place[] {
  if (taken > total) {
    world.fail('ends once', `${String(taken)} of ${String(total)} ids of list ${String(seq)} were taken`);
  }
  return Array.from({ length: total }, (_, i) => (i >= taken && !isCancelled ? 'new' : 'over'));
}

function compareSums(world: World, list: ListRow, places: readonly Place[]): void {
  const count = (place: Place): number => places.filter((each) => each === place).length;
  const { seq, completed, failed, cancelled, isFinished, total } = list;
  const sums = `completed ${String(completed)}, failed ${String(failed)}, cancelled ${String(cancelled)}`;
  if (count('dead') !== failed || count('over') !== completed + cancelled) {
    world.fail(
      'ends once',
      `list ${String(seq)} of ${String(total)} says ${sums}; its ids: dead ${String(count('dead'))}, over ${String(count('over'))}`,
    );
  }
  if (isFinished !== (completed + failed + cancelled === total)) {
    world.fail(
      'ends once',
      `list ${String(seq)} of ${String(total)} ${isFinished ? 'has' : 'has not'} ended with ${sums}`,
    );
  }
}

/** The ids are those that the client gave, and no other list holds them too. */
function compareIds(
  world: World,
  ledger: Ledger,
  { seq, ingestionId }: ListRow,
  ids: readonly bigint[],
  owners: Map<string, string>,
): void {
  const known = ids[0] === undefined ? undefined : ledger.byId.get(ids[0]);
  if (known?.ids.join() !== ids.join()) {
    world.fail('kept', `list ${String(seq)} holds ids that no client gave so: ${ids.slice(0, 5).join()}`);
    return;
  }
  const other = owners.get(known.name);
  if (other !== undefined) {
    world.fail('kept', `${known.name} was accepted twice, as ${other} and as ${ingestionId}`);
  }
  owners.set(known.name, ingestionId);
}

function compareTold(
  world: World,
  ledger: Ledger,
  known: KnownList,
  byIngestion: ReadonlyMap<string, ListRow>,
  places: ReadonlyMap<number, readonly Place[]>,
): void {
  const { ingestionId, name, ids, mayBeGone, toldCompleted } = known;
  if (ingestionId === null || mayBeGone) {
    return;
  }
  const row = byIngestion.get(ingestionId);
  if (row === undefined) {
    world.fail('kept', `${name} was accepted as ${ingestionId}, and the store does not have it`);
    return;
  }
  if (row.completed < toldCompleted) {
    world.fail(
      'kept',
      `${name} has ${String(row.completed)} completed ids; a status said ${String(toldCompleted)}`,
    );
  }
  ids.forEach((id, position) => {
    const end = ledger.ends.get(id);
    const place = places.get(row.seq)?.[position];
    if (end !== undefined && place !== (end === 'completed' ? 'over' : 'dead')) {
      world.fail('ends once', `id ${String(id)} had ${end}, and is ${String(place)} now`);
    }
  });
}
