import { Controller, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { ProblemDetailsError } from '../platform/http/problem-details.js';
import { parseQuery } from '../platform/http/parse-query.js';
import { RequireScopeForIngestion } from '../platform/auth/require-scope.decorator.js';
import { AuditTrail } from '../platform/telemetry/audit-trail.js';
import { WebhookOutbox } from './webhook-outbox.repository.js';
import { ApiDeliveries, ApiResendDelivery } from './dto/deliveries.openapi.js';
import { DeliveryQuery, ResendQuery } from './dto/delivery-query.dto.js';
import type { DeliveryPage, DeliveryView } from './dto/delivery-response.dto.js';
import { toDeliveryPage, toDeliveryView } from './dto/delivery.mapper.js';
import { WebhookSender } from './webhook-sender.js';

/** Lists deliveries and sends them again. */
@ApiTags('webhooks')
@Controller('webhook-deliveries')
export class WebhookDeliveriesController {
  constructor(
    private readonly store: WebhookOutbox,
    private readonly sender: WebhookSender,
    private readonly audit: AuditTrail,
  ) {}

  @ApiDeliveries()
  @RequireScopeForIngestion('read')
  @Get()
  async list(@Query() query: Record<string, unknown>): Promise<DeliveryPage> {
    const { ingestion_id: ingestionId, state, after, limit } = parseQuery(query, DeliveryQuery);
    const filter = {
      ...(ingestionId !== undefined && { ingestionId }),
      ...(state !== undefined && { state }),
    };
    const before = after === undefined ? null : Number(after);
    return toDeliveryPage(await this.store.list(filter, before, limit), limit);
  }

  @ApiResendDelivery()
  @RequireScopeForIngestion('submit')
  @Post(':delivery_id/resend')
  @HttpCode(200)
  async resend(
    @Param('delivery_id') deliveryId: string,
    @Query() query: Record<string, unknown>,
  ): Promise<DeliveryView> {
    const { ingestion_id: ingestionId } = parseQuery(query, ResendQuery);
    const audit = this.audit.entry('resend_webhook', { target: deliveryId.toLowerCase() });
    const delivery = await this.store.resend(deliveryId, ingestionId, audit);
    if (delivery === null) {
      throw new ProblemDetailsError(404, 'unknown delivery_id');
    }
    void this.sender.sendDue();
    return toDeliveryView(delivery);
  }
}
