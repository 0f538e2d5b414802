/** Number of dispatches before the answered one that are searched for those that had no answer when it was claimed. */
const SEARCHED_DISPATCHES = 1000;

/**
 * SQL for the numbers of the dispatches of a lane that an upstream may not have counted yet when it answered dispatch
 * `dispatchNo`: those that were claimed later, and those that had no answer when that one was claimed. `told` is a query with
 * its `begun_at`.
 */
export function uncountedDispatches(dispatch: string, laneNo: string, dispatchNo: string): string {
  return `
        SELECT dispatch_no FROM ${dispatch} WHERE lane_no = ${laneNo} AND dispatch_no > ${dispatchNo}
        UNION ALL
        SELECT dispatch_no FROM (
          SELECT dispatch_no, ended_at FROM ${dispatch} WHERE lane_no = ${laneNo} AND dispatch_no < ${dispatchNo}
          ORDER BY dispatch_no DESC LIMIT ${String(SEARCHED_DISPATCHES)}
        ) AS earlier WHERE ended_at IS NULL OR ended_at > (SELECT begun_at FROM told)`;
}
