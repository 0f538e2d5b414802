/*
 * The protocol by which two replicas share one lane on PostgreSQL: claim, slot or limits, lease, settlement, reclaim, hold and a
 * change of the settings. SPIN visits every state that it can reach (test/model/protocol.model.ts).
 *
 * Each `atomic` block is one statement of the store, or one step of a process in which it does not wait. Its comment names the
 * code that it stands for. One replica may end at any point where it has changed something outside; what it knew is forgotten.
 *
 * Every time is a number of ticks from now. `Clock` lowers all of them together, and may do so between any two steps: no step is
 * in time by luck. Values that no longer matter are set to 0, so that states which differ in nothing else are one.
 *
 * LIMITS is 0 for a lane with BATCH_DELAY, 1 for one with a limit of one call in any WINDOW, 2 for one that has a limit of one
 * call in flight as well.
 */
#ifndef LIMITS
#define LIMITS 0
#endif

#define NEW_SETTINGS 1 /* the version that the change makes */
#define DELAY 2        /* BATCH_DELAY */
#define LEASE 4        /* DISPATCH_LEASE */
#define HOLD 1         /* Retry-After */
#define WINDOW 2       /* any window of this length has one call */
#define TIMEOUT 3      /* EXTERNAL_API_TIMEOUT */
#define LATEST 1       /* the time that a claim allows from its slot to the latest moment of its send */
#define LEAD 1         /* a claim is made so long before its slot at the most */
#define ORPHAN 2       /* the place of the dispatch whose process has ended */

/* The store. */
bool is_pending[2] = true;         /* the two ids */
bool is_done[2];
byte slot_in;                      /* gate: time until the next slot opens */
byte held;                         /* gate.held_until_time */
byte version;                      /* gate.settings_version */
bool is_current[2];                /* gate.turn is the epoch that this replica has read */
bool is_own[2];                    /* gate.turn is the epoch that this replica has written */
bool is_open[3];                   /* dispatch.ended_at IS NULL; one dispatch for each replica, and one of a process that has ended */
byte id_of[3];
byte lease[3];                     /* dispatch.lease_ends_time */
byte lapsed;                       /* dispatches that ended as 'lapsed' are in flight for so long, at the latest */
byte charge[2];                    /* departure: time until the row of this replica's dispatch leaves the window */
byte charged;                      /* the same of all dispatches that have ended */

/* The memory of a replica. */
byte latest[2];                    /* time until the latest moment of the send, plus 1; 0 when that has passed */
byte opens[2];                     /* time until the slot opens */
byte own_lease[2];                 /* LaneGrants: time until the lease ends here */
byte settings[2];                  /* the version of the claim */

/* The world. */
byte since_left = DELAY;           /* time since a call has left, up to DELAY or WINDOW */
byte calling[3];                   /* time until this call has ended, at the latest */
byte told;                         /* the version whose change was answered */
byte leaves_within;                /* time until the change may be answered, plus 1 */
bool has_crashed;

#define raise_epoch(me) \
  is_current[0] = false; is_current[1] = false; is_own[0] = false; is_own[1] = false; is_own[me] = true

#define IS_CLAIMED(id) ((is_open[0] && id_of[0] == id) + (is_open[1] && id_of[1] == id) + (is_open[2] && id_of[2] == id))

/* Accepted means kept, and each id is in one place. */
#define check_places \
  assert(IS_CLAIMED(0) + is_pending[0] + is_done[0] == 1); \
  assert(IS_CLAIMED(1) + is_pending[1] + is_done[1] == 1)

/* One call in flight, and one in each window: admit.ts, over what selectRules() of departures.ts reads. */
#define HAS_ROOM (charge[0] == 0 && charge[1] == 0 && charged == 0 && \
                  (LIMITS < 2 || (!is_open[0] && !is_open[1] && !is_open[2] && lapsed == 0)))
/* reopensInUs() of admit.ts: the dispatch itself is in flight, and its own charge was given back. */
#define HAS_ROOM_AGAIN (charge[0] == 0 && charge[1] == 0 && charged == 0)

#define max(a, b) (a > b -> a : b)

/* The end of a dispatch in the store; nothing happens if another replica has reclaimed it. */
#define end_dispatch(d, to) \
  if \
  :: is_open[d] -> is_open[d] = false; to[id_of[d]] = true; id_of[d] = 0; lease[d] = 0 \
  :: else \
  fi

#define forget(me) \
  latest[me] = 0; opens[me] = 0; own_lease[me] = 0; settings[me] = 0; is_current[me] = false; is_own[me] = false; \
  charged = max(charged, charge[me]); charge[me] = 0

/* The process ends; another one starts in its place. Its dispatch stays, and its call goes on. */
#define crash_point(me) \
  if \
  :: atomic { \
       !has_crashed -> has_crashed = true; \
       is_open[ORPHAN] = is_open[me]; id_of[ORPHAN] = id_of[me]; lease[ORPHAN] = lease[me]; calling[ORPHAN] = calling[me]; \
       is_open[me] = false; id_of[me] = 0; lease[me] = 0; calling[me] = 0; \
       forget(me); \
       goto ready \
     } \
  :: true \
  fi

#define reclaim(d) \
  is_open[d] && lease[d] == 0 -> \
  is_open[d] = false; is_pending[id_of[d]] = true; id_of[d] = 0; \
  lapsed = (LIMITS == 2 -> TIMEOUT : 0); \
  check_places

/* Never too fast, under the settings that hold, and by the one holder of the ids: checked whenever a request leaves. */
#define check_departure(me) \
  assert(since_left >= (LIMITS -> WINDOW : DELAY)); \
  assert(LIMITS < 2 || (calling[0] == 0 && calling[1] == 0 && calling[2] == 0)); \
  assert(is_open[me] && !is_pending[id_of[me]] && !is_done[id_of[me]]); \
  assert(settings[me] >= told)

proctype Replica(byte me) {
  byte id = 0;
  byte within = 0;

ready:
  do
  :: /* QueueHeadReader.read: the gate and the head of the queue in one snapshot */
     atomic {
       held == 0 && (is_pending[0] || is_pending[1]) && slot_in <= LEAD && (!LIMITS || HAS_ROOM) ->
       is_current[me] = true;
       settings[me] = version;
       id = (is_pending[0] -> 0 : 1);
       /* SlotSchedule.reserve, or LaneDepartures.draft: the time counts from here within which the request must leave */
       opens[me] = slot_in;
       within = opens[me] + LATEST;
       latest[me] = within + 1;
       own_lease[me] = LEASE
     };
     /* CommitClaim: one statement, void if the epoch is another one */
     atomic {
       if
       :: is_current[me] ->
          assert(is_pending[id] && held == 0 && version == settings[me]);
          raise_epoch(me);
          if
          :: LIMITS -> charge[me] = within + WINDOW
          :: else -> slot_in = within + DELAY
          fi;
          is_pending[id] = false; is_open[me] = true; id_of[me] = id; lease[me] = LEASE;
          id = 0; within = 0;
          check_places
       :: else ->
          id = 0; within = 0;
          forget(me);
          goto ready
       fi
     };
     break
  :: /* QueueRepository.reclaimExpired */
     atomic { reclaim(1 - me) }
  :: atomic { reclaim(ORPHAN) }
  od;
  crash_point(me);

  do
  :: /* SendPermissions.awaitSendSlot: the slot is open, the call is not late, and the lease goes on. It leaves at once. */
     atomic {
       opens[me] == 0 && latest[me] > 0 && own_lease[me] > 0 ->
       check_departure(me);
       since_left = 0;
       calling[me] = (LIMITS == 2 -> TIMEOUT : 0);
       latest[me] = 0; opens[me] = 0; is_current[me] = false; is_own[me] = false; settings[me] = 0
     };
     break
  :: /* LaneGrants.isHeld: the lease has ended here, so the ids may be another's. Or it is late, and lost too many races. */
     atomic { own_lease[me] == 0 || latest[me] == 0 -> goto release }
  :: atomic { latest[me] == 0 && own_lease[me] > 0 -> skip };
#if LIMITS
     /* DepartureLog.giveBack: the charge goes, and the epoch is raised */
     atomic { charge[me] = 0; raise_epoch(me) };
     crash_point(me);
     /* DepartureLog.read */
     atomic {
       if
       :: version != settings[me] -> goto release /* OutdatedSettingsError */
       :: else -> is_current[me] = HAS_ROOM_AGAIN; within = LATEST; latest[me] = within + 1
       fi
     };
     /* DepartureLog.append: void if the epoch is another one */
     atomic {
       if
       :: is_current[me] -> raise_epoch(me); charge[me] = within + WINDOW
       :: else -> latest[me] = 0
       fi;
       within = 0
     }
#else
     /* SendCoordinator.takeLaterSlot: the own slot, if it is still the last one, is measured from the call before it */
     atomic {
       if
       :: is_own[me] -> is_current[me] = true
       :: !is_own[me] && version != settings[me] -> goto release /* LaneGrants.isOutdated, after readGate */
       :: !is_own[me] && version == settings[me] && slot_in <= LEAD -> is_current[me] = true; opens[me] = slot_in
       fi;
       within = opens[me] + LATEST;
       latest[me] = within + 1
     };
     /* LaneQueue.takeSlot: void if the epoch is another one */
     atomic {
       if
       :: is_current[me] -> raise_epoch(me); slot_in = within + DELAY
       :: else -> latest[me] = 0
       fi;
       within = 0
     }
#endif
  od;
  crash_point(me);

  do
  :: /* DispatchRunner renews the lease while the call goes on */
     atomic { is_open[me] && lease[me] < LEASE -> lease[me] = LEASE }
  :: /* the upstream answers, or the call ends at its timeout */
     atomic { calling[me] = 0; own_lease[me] = 0 };
     break
  od;
  if
  :: /* settleDispatch: completed. If the dispatch was reclaimed, the outcome is dropped. */
     atomic { end_dispatch(me, is_done); forget(me); check_places }
  :: /* a 429: LaneHold.store raises the epoch before the ids return */
     atomic { held = HOLD; raise_epoch(me) };
     crash_point(me);
     atomic { end_dispatch(me, is_pending); forget(me); check_places }
  fi;
  goto ready;

release:
  /* releaseDispatch */
  atomic { end_dispatch(me, is_pending); check_places };
  crash_point(me);
  /* PriorityQueue.recordEnd: a call that never left gives its charge back */
  atomic {
    if
    :: charge[me] > 0 -> charge[me] = 0; raise_epoch(me)
    :: else
    fi;
    forget(me)
  };
  goto ready
}

/* A change of the settings: LaneSettings.change. */
proctype Administrator() {
  atomic {
    version = NEW_SETTINGS;
    is_current[0] = false; is_current[1] = false; is_own[0] = false; is_own[1] = false;
    /* answered after the last slot or departure that was written down */
    leaves_within = 1 + (LIMITS -> 0 : (slot_in > DELAY -> slot_in - DELAY : 0));
#if LIMITS
    leaves_within = 1 + max(max((charge[0] > WINDOW -> charge[0] - WINDOW : 0), (charge[1] > WINDOW -> charge[1] - WINDOW : 0)),
                            (charged > WINDOW -> charged - WINDOW : 0))
#endif
  };
  atomic { leaves_within == 0 -> told = NEW_SETTINGS }
}

#define lower(x) x = (x > 0 -> x - 1 : 0)

/* Time passes, at any moment. */
proctype Clock() {
end:
  do
  :: d_step {
       lower(slot_in); lower(held); lower(lapsed); lower(charged); lower(leaves_within);
       lower(lease[0]); lower(lease[1]); lower(lease[2]);
       lower(charge[0]); lower(charge[1]);
       lower(latest[0]); lower(latest[1]);
       lower(opens[0]); lower(opens[1]);
       lower(own_lease[0]); lower(own_lease[1]);
       lower(calling[0]); lower(calling[1]); lower(calling[2]);
       since_left = (since_left < DELAY -> since_left + 1 : since_left)
     }
  od
}

init {
  atomic { run Replica(0); run Replica(1); run Administrator(); run Clock() }
}
