import { Injectable } from '@nestjs/common';
import type { AuditAction, AuditActor, AuditChange, AuditEntry } from '../../domain/audit.js';
import { Runtime } from '../../domain/runtime.js';
import { currentRequest } from './request-context.js';

/** Creates the entries that services pass to the repositories, which store them with their acts. */
@Injectable()
export class AuditTrail {
  constructor(private readonly runtime: Runtime) {}

  /** Returns an entry for an act of the current request; see `AuditActor` for an act outside a request. */
  entry(action: AuditAction, change: AuditChange = {}): AuditEntry {
    return { ...change, entryId: this.runtime.uuidV7(), action, actor: currentActor() };
  }
}

function currentActor(): AuditActor {
  const context = currentRequest();
  return {
    client: context?.client?.name ?? null,
    address: context?.request.ip ?? null,
    requestId: context?.requestId ?? null,
  };
}
