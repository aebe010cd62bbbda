//! The SDK's providers: what records, and how it leaves the process. None of them exists unless a setting asks for it.

use super::{collector, metrics, process, scrape, spans};
use crate::config::{ConfigError, MetricsConfig, SamplerConfig, TelemetryConfig};
use opentelemetry::{KeyValue, global, trace::TracerProvider as _};
use opentelemetry_otlp::{LogExporter, MetricExporter, SpanExporter};
use opentelemetry_sdk::{
    Resource,
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
    /// Whether a flush is under way: one at a time, so that a collector that hangs keeps one thread.
    is_flushing: Arc<AtomicBool>,
}

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

    /// Pushes what is pending, and waits no longer than this. Returns whether all of it was taken.
    pub(super) async fn flush(&self, within: Duration) -> bool {
        if self.push_nothing() {
            return true;
        }
        if self.is_flushing.swap(true, Ordering::Relaxed) {
            return false;
        }
        let (tell, told) = oneshot::channel();
        let all = self.clone();
        // Not `spawn_blocking`: a runtime that ends would wait for it, and the collector may hang for seconds.
        let begun = std::thread::Builder::new().name("telemetry flush".to_owned()).spawn(move || {
            let is_done = all.flush_here();
            all.is_flushing.store(false, Ordering::Relaxed);
            let _ = tell.send(is_done);
        });
        if begun.is_err() {
            self.is_flushing.store(false, Ordering::Relaxed);
            return false;
        }
        matches!(timeout(within, told).await, Ok(Ok(true)))
    }

    /// Blocks, and needs the runtime meanwhile.
    fn flush_here(&self) -> bool {
        let traces = self.traces.as_ref().is_none_or(|traces| traces.force_flush().is_ok());
        let logs = self.logs.as_ref().is_none_or(|logs| logs.force_flush().is_ok());
        let metrics = self.metrics.as_ref().is_none_or(|metrics| metrics.force_flush().is_ok());
        traces && logs && metrics
    }
}

fn traces_to(config: &TelemetryConfig, resource: Resource) -> Result<Option<SdkTracerProvider>, ConfigError> {
    let Some(to) = &config.collector else { return Ok(None) };
    let exporter = collector::exporting(SpanExporter::builder().with_http(), to, "/v1/traces");
    let batches = trace::BatchConfigBuilder::default()
        .with_max_queue_size(to.waiting_max)
        .with_max_export_batch_size(to.batch.min(to.waiting_max))
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
        .with_max_queue_size(to.waiting_max)
        .with_max_export_batch_size(to.batch.min(to.waiting_max));
    let processor = logs::BatchLogProcessor::builder(exporter.build().map_err(unbuilt)?);
    let processor = processor.with_batch_config(batches.build()).build();
    Ok(Some(SdkLoggerProvider::builder().with_resource(resource).with_log_processor(processor).build()))
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

fn unbuilt(error: impl std::fmt::Display) -> ConfigError {
    ConfigError::new("OTEL_EXPORTER_OTLP_ENDPOINT", format!("cannot be used: {error}"))
}
