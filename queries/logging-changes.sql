-- title: Who changed what is logged
-- question: Who changed or stopped the logging that these answers rest on, or what it logs, and when?
-- events: CreateTrail, DeleteBucket, DeleteBucketLifecycle, DeleteLogGroup, DeleteLogStream,
--   DeleteSubscriptionFilter, DeleteTrail, DisableKey, PutBucketLifecycle, PutBucketLogging,
--   PutBucketVersioning, PutEventConfiguration, PutEventSelectors, PutRetentionPolicy,
--   ScheduleKeyDeletion, StartLogging, StopLogging, UpdateTrail
-- show: event_time, event_name, actor, bucket, error_code, account_id
-- column: event_time When the request completed, UTC.
-- column: event_source The service that was asked.
-- column: event_name The operation, as CloudTrail names it.
-- column: error_code The error of a request that failed and so changed nothing; empty otherwise.
-- column: actor Who did it.
-- column: actor_kind connect-user, identity-center, iam-user, role-session, federated-user, root,
--   aws-service, other-account, anonymous or unknown.
-- column: bucket The bucket, of a change to a bucket.
-- column: source_ip The caller's address, or the name of the AWS service that called for them.
-- column: region The region of the request.
-- column: account_id The account whose trail recorded it.
-- column: event_id CloudTrail's id of the record.
-- column: input The input that the record was read from.
-- column: principal_arn The raw identity: userIdentity.arn.
-- cannot see: what the logging was set to before the first event, changes in accounts and regions whose
--   logs are not among the inputs, changes made while management events were not recorded.

SELECT
    event_time,
    event_source,
    event_name,
    error_code,
    actor,
    actor_kind,
    bucket,
    source_ip,
    region,
    account_id,
    event_id,
    input,
    principal_arn
FROM trail_changes
ORDER BY event_time, event_id, input, event_name
