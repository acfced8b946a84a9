CREATE TABLE "registry"."schema_version" (
	"hash" text PRIMARY KEY NOT NULL,
	"sdl" text NOT NULL
);
--> statement-breakpoint
CREATE TABLE "registry"."subgraph_publish" (
	"id" text COLLATE "C" PRIMARY KEY NOT NULL,
	"environment" text NOT NULL,
	"subgraph" text NOT NULL,
	"schema_hash" text NOT NULL REFERENCES "registry"."schema_version" ("hash"),
	"routing_url" text NOT NULL,
	"origin" jsonb NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "registry"."supergraph_version" (
	"environment" text NOT NULL,
	"sequence" integer NOT NULL,
	"reason" text NOT NULL,
	"subject" text NOT NULL,
	"composed_from" jsonb NOT NULL,
	"sdl_hash" text NOT NULL REFERENCES "registry"."schema_version" ("hash"),
	"measures" jsonb NOT NULL,
	"bundle" bytea NOT NULL,
	"origin" jsonb NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	PRIMARY KEY ("environment", "sequence")
);
--> statement-breakpoint
CREATE TABLE "registry"."audit" (
	"id" text COLLATE "C" PRIMARY KEY NOT NULL,
	"environment" text NOT NULL,
	"action" text NOT NULL,
	"outcome" text NOT NULL,
	"origin" jsonb NOT NULL,
	"details" jsonb NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE INDEX "audit_by_environment" ON "registry"."audit" ("environment", "id" DESC);
--> statement-breakpoint
CREATE TABLE "registry"."token" (
	"id" text PRIMARY KEY NOT NULL,
	"name" text NOT NULL,
	"kind" text NOT NULL,
	"environment" text NOT NULL,
	"scope" jsonb NOT NULL,
	"secret_hash" text NOT NULL,
	"expires_at" timestamp (3) with time zone NOT NULL,
	"revoked_at" timestamp (3) with time zone,
	"created_at" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "registry"."manifest" (
	"id" text COLLATE "C" PRIMARY KEY NOT NULL,
	"environment" text NOT NULL,
	"client" text NOT NULL,
	"version" text NOT NULL,
	"app_id" text,
	"entries" jsonb NOT NULL,
	"origin" jsonb NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"retired_at" timestamp (3) with time zone
);
--> statement-breakpoint
CREATE INDEX "manifest_by_client" ON "registry"."manifest" ("environment", "client", "version");
--> statement-breakpoint
CREATE TABLE "registry"."usage" (
	"environment" text NOT NULL,
	"client" text NOT NULL,
	"version" text NOT NULL,
	"document_id" text NOT NULL,
	"count" bigint NOT NULL,
	"last_seen_at" timestamp (3) with time zone NOT NULL,
	PRIMARY KEY ("environment", "client", "version", "document_id")
);
--> statement-breakpoint
CREATE TABLE "registry"."approval" (
	"id" text COLLATE "C" PRIMARY KEY NOT NULL,
	"environment" text NOT NULL,
	"subject" text NOT NULL,
	"scope" jsonb NOT NULL,
	"origin" jsonb NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"expires_at" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "registry"."notice" (
	"id" text COLLATE "C" PRIMARY KEY NOT NULL,
	"target" text NOT NULL,
	"event" jsonb NOT NULL,
	"attempts" integer NOT NULL,
	"next_attempt_at" timestamp (3) with time zone NOT NULL,
	"ended_at" timestamp (3) with time zone,
	"failure" text
);
--> statement-breakpoint
CREATE INDEX "notice_due" ON "registry"."notice" ("next_attempt_at") WHERE "ended_at" IS NULL;
--> statement-breakpoint
CREATE FUNCTION "registry"."refuse_change"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
	RAISE EXCEPTION 'registry.% is only ever added to', TG_TABLE_NAME;
END $$;
--> statement-breakpoint
CREATE TRIGGER "append_only" BEFORE UPDATE OR DELETE ON "registry"."schema_version" EXECUTE FUNCTION "registry"."refuse_change"();
--> statement-breakpoint
CREATE TRIGGER "append_only" BEFORE UPDATE OR DELETE ON "registry"."subgraph_publish" EXECUTE FUNCTION "registry"."refuse_change"();
--> statement-breakpoint
CREATE TRIGGER "append_only" BEFORE UPDATE OR DELETE ON "registry"."supergraph_version" EXECUTE FUNCTION "registry"."refuse_change"();
--> statement-breakpoint
CREATE TRIGGER "append_only" BEFORE UPDATE OR DELETE ON "registry"."audit" EXECUTE FUNCTION "registry"."refuse_change"();
