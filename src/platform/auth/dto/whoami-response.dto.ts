import { ApiProperty } from '@nestjs/swagger';
import { SCOPES, type Scope } from '../../../domain/authenticated-client.js';

/** The authenticated client and its scopes. */
export class WhoAmIResponse {
  @ApiProperty({
    description: 'The name of the client; null if authentication is disabled.',
    type: 'string',
    nullable: true,
    example: 'billing',
  })
  readonly client!: string | null;

  @ApiProperty({
    description:
      'The scopes of the client. `admin` includes the others, and `observe` includes `read`; those are then listed too.',
    enum: SCOPES,
    isArray: true,
    example: ['submit', 'read'],
  })
  readonly scopes!: readonly Scope[];

  @ApiProperty({
    description: 'True if requests must be authenticated; otherwise every client may do everything.',
    example: true,
  })
  readonly keys!: boolean;

  @ApiProperty({
    description: 'The lanes that an ingestion may name, the default lane first.',
    type: [String],
    example: ['default', 'crm'],
  })
  readonly lanes!: readonly string[];
}
