CREATE TABLE "users"."forgotten_event" (
	"id" text PRIMARY KEY NOT NULL,
	"forgotten_at" timestamp(3) with time zone NOT NULL
);
