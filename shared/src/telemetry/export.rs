//! The SDK's providers: what records, and how it leaves the process. None of them exists unless a setting asks for it.

use super::{collector, metrics, process, pushed::LineProcessor, scrape, spans};
use crate::config::{ConfigError, MetricsConfig, SamplerConfig, TelemetryConfig};
use futures_util::future::join3;
use opentelemetry::{KeyValue, global, trace::TracerProvider as _};
use opentelemetry_otlp::{LogExporter, MetricExporter, SpanExporter};
use opentelemetry_sdk::{
    Resource,
    error::OTelSdkResult,
    logs::{self, SdkLoggerProvider},
    metrics::{PeriodicReader, SdkMeterProvider},
    resource::TelemetryResourceDetector,
    trace::{self, Sampler, SdkTracer, SdkTracerProvider},
};
use std::{
    net::SocketAddr,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};
use tokio::{sync::oneshot, time::timeout};
use uuid::Builder;

/// What was built. Clones share it.
#[derive(Clone, Default)]
pub(super) struct Providers {
    traces: Option<SdkTracerProvider>,
    logs: Option<SdkLoggerProvider>,
    metrics: Option<SdkMeterProvider>,
    /// Of traces, logs and metrics.
    flushing: [Flushing; 3],
}

/// Whether a signal is being flushed: one flush at a time, so that a collector that hangs keeps one thread for each.
#[derive(Clone, Default)]
struct Flushing(Arc<AtomicBool>);

impl Providers {
    /// Builds what the settings ask for, and serves `/metrics`. Returns where that is served.
    pub(super) fn build(
        name: &str,
        config: &TelemetryConfig,
    ) -> Result<(Self, Option<SocketAddr>), ConfigError> {
        let mut all = Self::default();
        if config.is_off() {
            return Ok((all, None));
        }
        let resource = resource(name, config);
        let (mut pushed, mut scraped_at) = (None, None);
        match config.metrics {
            MetricsConfig::Off => {}
            MetricsConfig::Scraped(host, port) => {
                let (provider, registry) = scrape::provider(resource.clone()).map_err(unbuilt)?;
                match scrape::serve((host, port).into(), registry) {
                    Ok(address) => {
                        pushed = Some(provider);
                        scraped_at = Some(address);
                    }
                    Err(error) => eprintln!("{name}: no metrics, port {port} cannot be used: {error}"),
                }
            }
            MetricsConfig::Pushed => pushed = metrics_to(config, resource.clone())?,
        }
        if let Some(provider) = pushed {
            global::set_meter_provider(provider.clone());
            metrics::collect();
            process::observe();
            all.metrics = Some(provider);
        }
        if config.traces {
            all.traces = traces_to(config, resource.clone())?;
        }
        if config.logs {
            all.logs = logs_to(config, resource)?;
        }
        Ok((all, scraped_at))
    }

    pub(super) fn tracer(&self) -> Option<SdkTracer> {
        self.traces.as_ref().map(|traces| traces.tracer("yemae"))
    }

    pub(super) fn logger(&self) -> Option<&SdkLoggerProvider> {
        self.logs.as_ref()
    }

    pub(super) fn push_nothing(&self) -> bool {
        self.traces.is_none() && self.logs.is_none() && self.metrics.is_none()
    }

    /// Pushes what is pending, and waits no longer than this. Returns whether all of it was taken. The signals do not wait for
    /// each other: a backlog of spans must not cost the metrics.
    pub(super) async fn flush(&self, within: Duration) -> bool {
        let [spans, lines, counts] = &self.flushing;
        let traces = self.traces.clone().map(|traces| move || traces.force_flush());
        let logs = self.logs.clone().map(|logs| move || logs.force_flush());
        let metrics = self.metrics.clone().map(|metrics| move || metrics.force_flush());
        let all = join3(spans.flush(traces), lines.flush(logs), counts.flush(metrics));
        matches!(timeout(within, all).await, Ok((true, true, true)))
    }
}

impl Flushing {
    /// What flushes blocks, and needs the runtime meanwhile. Its thread is a plain one: a runtime that ends would wait for
    /// `spawn_blocking`, and the collector may hang for seconds.
    async fn flush(&self, flush: Option<impl FnOnce() -> OTelSdkResult + Send + 'static>) -> bool {
        let Some(flush) = flush else { return true };
        if self.0.swap(true, Ordering::Relaxed) {
            return false;
        }
        let (tell, told) = oneshot::channel();
        let flushing = self.clone();
        let begun = std::thread::Builder::new().name("telemetry flush".to_owned()).spawn(move || {
            let is_done = flush().is_ok();
            flushing.0.store(false, Ordering::Relaxed);
            let _ = tell.send(is_done);
        });
        if begun.is_err() {
            self.0.store(false, Ordering::Relaxed);
        }
        told.await == Ok(true)
    }
}

fn traces_to(config: &TelemetryConfig, resource: Resource) -> Result<Option<SdkTracerProvider>, ConfigError> {
    let Some(to) = &config.collector else { return Ok(None) };
    let exporter = collector::exporting(SpanExporter::builder().with_http(), to, "/v1/traces");
    let batches = trace::BatchConfigBuilder::default()
        .with_max_queue_size(to.spans.max)
        .with_max_export_batch_size(to.spans.batch)
        .with_scheduled_delay(to.spans_every);
    let processor = trace::BatchSpanProcessor::builder(exporter.build().map_err(unbuilt)?);
    let provider = SdkTracerProvider::builder()
        .with_resource(resource)
        .with_sampler(sampler(config.sampler))
        .with_id_generator(spans::RequestIdGenerator::default())
        .with_span_processor(processor.with_batch_config(batches.build()).build());
    Ok(Some(provider.build()))
}

fn metrics_to(config: &TelemetryConfig, resource: Resource) -> Result<Option<SdkMeterProvider>, ConfigError> {
    let Some(to) = &config.collector else { return Ok(None) };
    let exporter = collector::exporting(MetricExporter::builder().with_http(), to, "/v1/metrics");
    let reader = PeriodicReader::builder(exporter.build().map_err(unbuilt)?).with_interval(to.metrics_every);
    Ok(Some(SdkMeterProvider::builder().with_resource(resource).with_reader(reader.build()).build()))
}

fn logs_to(config: &TelemetryConfig, resource: Resource) -> Result<Option<SdkLoggerProvider>, ConfigError> {
    let Some(to) = &config.collector else { return Ok(None) };
    let exporter = collector::exporting(LogExporter::builder().with_http(), to, "/v1/logs");
    let batches = logs::BatchConfigBuilder::default()
        .with_max_queue_size(to.lines.max)
        .with_max_export_batch_size(to.lines.batch);
    let processor = logs::BatchLogProcessor::builder(exporter.build().map_err(unbuilt)?);
    let processor = processor.with_batch_config(batches.build()).build();
    let provider = SdkLoggerProvider::builder().with_resource(resource);
    Ok(Some(provider.with_log_processor(LineProcessor).with_log_processor(processor).build()))
}

fn sampler(config: SamplerConfig) -> Sampler {
    let parent = |root| Sampler::ParentBased(Box::new(root));
    match config {
        SamplerConfig::AlwaysOn => Sampler::AlwaysOn,
        SamplerConfig::AlwaysOff => Sampler::AlwaysOff,
        SamplerConfig::Ratio(ratio) => Sampler::TraceIdRatioBased(ratio),
        SamplerConfig::ParentAlwaysOn => parent(Sampler::AlwaysOn),
        SamplerConfig::ParentAlwaysOff => parent(Sampler::AlwaysOff),
        SamplerConfig::ParentRatio(ratio) => parent(Sampler::TraceIdRatioBased(ratio)),
    }
}

/// Says whose telemetry it is. Each process has a name of its own, so that its counts are told from those of its siblings.
fn resource(name: &str, config: &TelemetryConfig) -> Resource {
    let mut random = [0; 16];
    // Without randomness the processes of a function share a name.
    let _ = getrandom::fill(&mut random);
    let service = config.service_name.clone().unwrap_or_else(|| name.to_owned());
    let given = config.resource.iter().map(|(key, value)| KeyValue::new(key.clone(), value.clone()));
    Resource::builder_empty()
        .with_detector(Box::new(TelemetryResourceDetector))
        .with_attribute(KeyValue::new("service.namespace", "yemae"))
        .with_attribute(KeyValue::new("service.version", env!("CARGO_PKG_VERSION")))
        .with_attribute(KeyValue::new(
            "service.instance.id",
            Builder::from_random_bytes(random).into_uuid().to_string(),
        ))
        .with_attributes(given)
        .with_service_name(service)
        .build()
}

/// The error may repeat the address, which may contain a password.
fn unbuilt(_: impl std::error::Error) -> ConfigError {
    ConfigError::new("OTEL_EXPORTER_OTLP_ENDPOINT", "cannot be used")
}
