//! The fields of Kubernetes' own kinds, as kustomize 5.7.1 has them.

use super::FieldSpec;
use super::config::{Config, NameReference};

const APPS: &str = "apps";
const BATCH: &str = "batch";
const RBAC: &str = "rbac.authorization.k8s.io";
const NETWORKING: &str = "networking.k8s.io";
const ADMISSION: &str = "admissionregistration.k8s.io";

/// Whether a field is made where it is missing.
const MAKE: bool = true;
const KEEP: bool = false;

/// Kinds with a pod, and where it is.
const WORKLOADS: &[(&str, &str)] = &[
    ("Deployment", "spec/template/spec"),
    ("ReplicaSet", "spec/template/spec"),
    ("DaemonSet", "spec/template/spec"),
    ("StatefulSet", "spec/template/spec"),
    ("Job", "spec/template/spec"),
    ("CronJob", "spec/jobTemplate/spec/template/spec"),
];

/// Kinds with a pod whose single names are looked at, and where it is.
const PODS: &[(&str, &str)] = &[
    ("Pod", "spec"),
    ("StatefulSet", "spec/template/spec"),
    ("Deployment", "spec/template/spec"),
    ("ReplicationController", "spec/template/spec"),
    ("CronJob", "spec/jobTemplate/spec/template/spec"),
    ("Job", "spec/template/spec"),
    ("DaemonSet", "spec/template/spec"),
];

/// Where a pod names ConfigMaps.
const CONFIG_MAPS: &[&str] = &[
    "volumes/configMap/name",
    "containers/env/valueFrom/configMapKeyRef/name",
    "initContainers/env/valueFrom/configMapKeyRef/name",
    "containers/envFrom/configMapRef/name",
    "initContainers/envFrom/configMapRef/name",
    "volumes/projected/sources/configMap/name",
];

/// Where a pod names Secrets.
const SECRETS: &[&str] = &[
    "volumes/secret/secretName",
    "containers/env/valueFrom/secretKeyRef/name",
    "initContainers/env/valueFrom/secretKeyRef/name",
    "containers/envFrom/secretRef/name",
    "initContainers/envFrom/secretRef/name",
    "imagePullSecrets/name",
    "volumes/projected/sources/secret/name",
];

/// Where vars are put into a container.
const CONTAINER_VARS: &[&str] = &["args", "command", "env/value", "volumeMounts/mountPath"];

/// Where a pod selects others.
const POD_SELECTORS: &[&str] = &[
    "affinity/podAffinity/preferredDuringSchedulingIgnoredDuringExecution/podAffinityTerm/labelSelector/matchLabels",
    "affinity/podAffinity/requiredDuringSchedulingIgnoredDuringExecution/labelSelector/matchLabels",
    "affinity/podAntiAffinity/preferredDuringSchedulingIgnoredDuringExecution/podAffinityTerm/labelSelector/matchLabels",
    "affinity/podAntiAffinity/requiredDuringSchedulingIgnoredDuringExecution/labelSelector/matchLabels",
    "topologySpreadConstraints/labelSelector/matchLabels",
];

/// One field: group, version, kind, path, and whether it is made.
type Row = (&'static str, &'static str, &'static str, &'static str, bool);

fn spec((group, version, kind, path, create): (&str, &str, &str, &str, bool)) -> FieldSpec {
    FieldSpec {
        group: group.to_owned(),
        version: version.to_owned(),
        kind: kind.to_owned(),
        path: path.to_owned(),
        create,
    }
}

fn specs(rows: &[Row]) -> Vec<FieldSpec> {
    rows.iter().copied().map(spec).collect()
}

/// The fields of these paths in the pods of these kinds.
fn in_pods(version: &str, kinds: &[(&str, &str)], paths: &[&str]) -> Vec<FieldSpec> {
    let rows = kinds.iter().flat_map(|(kind, pod)| {
        let path = move |path: &&str| spec(("", version, kind, &format!("{pod}/{path}"), KEEP));
        paths.iter().map(path)
    });
    rows.collect()
}

pub(super) fn config() -> Config {
    let mut common_labels = selectors();
    common_labels.extend(metadata("labels", APPS));
    common_labels.extend(volume_claims());
    let mut template_labels = metadata("labels", APPS);
    template_labels.extend(volume_claims());
    Config {
        name_prefix: specs(&[("", "", "", "metadata/name", KEEP)]),
        name_suffix: specs(&[("", "", "", "metadata/name", KEEP)]),
        namespace: specs(&[
            ("", "", "Namespace", "metadata/name", MAKE),
            (
                "apiregistration.k8s.io",
                "",
                "APIService",
                "spec/service/namespace",
                MAKE,
            ),
            (
                "apiextensions.k8s.io",
                "",
                "CustomResourceDefinition",
                "spec/conversion/webhook/clientConfig/service/namespace",
                KEEP,
            ),
        ]),
        common_labels,
        labels: Vec::new(),
        template_labels,
        common_annotations: metadata("annotations", ""),
        name_reference: name_references(),
        var_reference: var_references(),
        images: specs(&[
            ("", "", "", "spec/containers[]/image", MAKE),
            ("", "", "", "spec/initContainers[]/image", MAKE),
            ("", "", "", "spec/volumes[]/image/reference", MAKE),
            ("", "", "", "spec/template/spec/containers[]/image", MAKE),
            (
                "",
                "",
                "",
                "spec/template/spec/initContainers[]/image",
                MAKE,
            ),
            (
                "",
                "",
                "",
                "spec/template/spec/volumes[]/image/reference",
                MAKE,
            ),
        ]),
        replicas: specs(&[
            ("", "", "Deployment", "spec/replicas", MAKE),
            ("", "", "ReplicationController", "spec/replicas", MAKE),
            ("", "", "ReplicaSet", "spec/replicas", MAKE),
            ("", "", "StatefulSet", "spec/replicas", MAKE),
        ]),
    }
}

/// Labels or annotations of objects and of their templates.
fn metadata(field: &str, group_of_stateful_set: &str) -> Vec<FieldSpec> {
    [
        ("", "", "", "metadata"),
        ("", "v1", "ReplicationController", "spec/template/metadata"),
        ("", "", "Deployment", "spec/template/metadata"),
        ("", "", "ReplicaSet", "spec/template/metadata"),
        ("", "", "DaemonSet", "spec/template/metadata"),
        (
            group_of_stateful_set,
            "",
            "StatefulSet",
            "spec/template/metadata",
        ),
        (BATCH, "", "Job", "spec/template/metadata"),
        (BATCH, "", "CronJob", "spec/jobTemplate/metadata"),
        (
            BATCH,
            "",
            "CronJob",
            "spec/jobTemplate/spec/template/metadata",
        ),
    ]
    .into_iter()
    .map(|(group, version, kind, path)| {
        spec((group, version, kind, &format!("{path}/{field}"), MAKE))
    })
    .collect()
}

fn volume_claims() -> Vec<FieldSpec> {
    specs(&[(
        APPS,
        "",
        "StatefulSet",
        "spec/volumeClaimTemplates[]/metadata/labels",
        MAKE,
    )])
}

fn selectors() -> Vec<FieldSpec> {
    let mut list = specs(&[
        ("", "v1", "Service", "spec/selector", MAKE),
        ("", "v1", "ReplicationController", "spec/selector", MAKE),
        ("", "", "Deployment", "spec/selector/matchLabels", MAKE),
        ("", "", "ReplicaSet", "spec/selector/matchLabels", MAKE),
        ("", "", "DaemonSet", "spec/selector/matchLabels", MAKE),
        (APPS, "", "StatefulSet", "spec/selector/matchLabels", MAKE),
        (BATCH, "", "Job", "spec/selector/matchLabels", KEEP),
        (
            BATCH,
            "",
            "CronJob",
            "spec/jobTemplate/spec/selector/matchLabels",
            KEEP,
        ),
        (
            "policy",
            "",
            "PodDisruptionBudget",
            "spec/selector/matchLabels",
            KEEP,
        ),
        (
            NETWORKING,
            "",
            "NetworkPolicy",
            "spec/podSelector/matchLabels",
            KEEP,
        ),
        (
            NETWORKING,
            "",
            "NetworkPolicy",
            "spec/ingress/from/podSelector/matchLabels",
            KEEP,
        ),
        (
            NETWORKING,
            "",
            "NetworkPolicy",
            "spec/egress/to/podSelector/matchLabels",
            KEEP,
        ),
    ]);
    for kind in ["Deployment", "StatefulSet"] {
        for path in POD_SELECTORS {
            list.push(spec((
                APPS,
                "",
                kind,
                &format!("spec/template/spec/{path}"),
                KEEP,
            )));
        }
    }
    list
}

fn reference(group: &str, version: &str, kind: &str, field_specs: Vec<FieldSpec>) -> NameReference {
    NameReference {
        group: group.to_owned(),
        version: version.to_owned(),
        kind: kind.to_owned(),
        field_specs,
    }
}

fn name_references() -> Vec<NameReference> {
    let scaled = [
        "Deployment",
        "ReplicationController",
        "ReplicaSet",
        "StatefulSet",
    ];
    let scale: &[Row] = &[(
        "",
        "",
        "HorizontalPodAutoscaler",
        "spec/scaleTargetRef/name",
        KEEP,
    )];
    let mut list: Vec<NameReference> = scaled
        .iter()
        .map(|kind| reference("", "", kind, specs(scale)))
        .collect();
    list.extend([
        reference("", "v1", "ConfigMap", config_map_references()),
        reference("", "v1", "Secret", secret_references()),
        reference(
            "",
            "v1",
            "Service",
            specs(&[
                (APPS, "", "StatefulSet", "spec/serviceName", KEEP),
                (
                    "",
                    "",
                    "Ingress",
                    "spec/rules/http/paths/backend/serviceName",
                    KEEP,
                ),
                ("", "", "Ingress", "spec/backend/serviceName", KEEP),
                (
                    "",
                    "",
                    "Ingress",
                    "spec/rules/http/paths/backend/service/name",
                    KEEP,
                ),
                ("", "", "Ingress", "spec/defaultBackend/service/name", KEEP),
                (
                    "apiregistration.k8s.io",
                    "",
                    "APIService",
                    "spec/service/name",
                    KEEP,
                ),
                (
                    ADMISSION,
                    "",
                    "ValidatingWebhookConfiguration",
                    "webhooks/clientConfig/service",
                    KEEP,
                ),
                (
                    ADMISSION,
                    "",
                    "MutatingWebhookConfiguration",
                    "webhooks/clientConfig/service",
                    KEEP,
                ),
            ]),
        ),
        reference(
            RBAC,
            "",
            "Role",
            specs(&[(RBAC, "", "RoleBinding", "roleRef/name", KEEP)]),
        ),
        reference(
            RBAC,
            "",
            "ClusterRole",
            specs(&[
                (RBAC, "", "RoleBinding", "roleRef/name", KEEP),
                (RBAC, "", "ClusterRoleBinding", "roleRef/name", KEEP),
            ]),
        ),
        reference("", "v1", "ServiceAccount", {
            let mut list = specs(&[
                (RBAC, "", "RoleBinding", "subjects", KEEP),
                (RBAC, "", "ClusterRoleBinding", "subjects", KEEP),
            ]);
            list.extend(in_pods("", PODS, &["serviceAccountName"]));
            list
        }),
        reference(
            "",
            "v1",
            "PersistentVolumeClaim",
            in_pods("", PODS, &["volumes/persistentVolumeClaim/claimName"]),
        ),
        reference(
            "",
            "v1",
            "PersistentVolume",
            specs(&[
                ("", "", "PersistentVolumeClaim", "spec/volumeName", KEEP),
                ("", "", "ClusterRole", "rules/resourceNames", KEEP),
            ]),
        ),
        reference(
            "storage.k8s.io",
            "v1",
            "StorageClass",
            specs(&[
                ("", "", "PersistentVolume", "spec/storageClassName", KEEP),
                (
                    "",
                    "",
                    "PersistentVolumeClaim",
                    "spec/storageClassName",
                    KEEP,
                ),
                (
                    "",
                    "",
                    "StatefulSet",
                    "spec/volumeClaimTemplates/spec/storageClassName",
                    KEEP,
                ),
            ]),
        ),
        reference(
            "scheduling.k8s.io",
            "v1",
            "PriorityClass",
            in_pods("", PODS, &["priorityClassName"]),
        ),
        // The group is kustomize's own; no object is in it.
        reference(
            "networking.k8s.io/v1",
            "v1",
            "IngressClass",
            specs(&[("", "", "Ingress", "spec/ingressClassName", KEEP)]),
        ),
        reference(
            ADMISSION,
            "",
            "ValidatingAdmissionPolicy",
            specs(&[(
                ADMISSION,
                "",
                "ValidatingAdmissionPolicyBinding",
                "spec/policyName",
                KEEP,
            )]),
        ),
    ]);
    list
}

fn config_map_references() -> Vec<FieldSpec> {
    let mut list = in_pods("v1", &[("Pod", "spec")], CONFIG_MAPS);
    list.extend(in_pods(
        "",
        &[("PodTemplate", "template/spec")],
        CONFIG_MAPS,
    ));
    list.extend(in_pods("", WORKLOADS, CONFIG_MAPS));
    list.extend(specs(&[
        ("", "", "Node", "spec/configSource/configMap", KEEP),
        ("", "", "Role", "rules/resourceNames", KEEP),
        ("", "", "ClusterRole", "rules/resourceNames", KEEP),
        (
            "",
            "",
            "Ingress",
            "metadata/annotations/nginx.ingress.kubernetes.io\\/fastcgi-params-configmap",
            KEEP,
        ),
    ]));
    list
}

fn secret_references() -> Vec<FieldSpec> {
    let mut list = in_pods("v1", &[("Pod", "spec")], SECRETS);
    list.extend(in_pods("", &[("PodTemplate", "template/spec")], SECRETS));
    list.extend(in_pods("", WORKLOADS, SECRETS));
    list.extend(specs(&[
        ("", "", "Ingress", "spec/tls/secretName", KEEP),
        (
            "",
            "",
            "Ingress",
            "metadata/annotations/ingress.kubernetes.io\\/auth-secret",
            KEEP,
        ),
        (
            "",
            "",
            "Ingress",
            "metadata/annotations/nginx.ingress.kubernetes.io\\/auth-secret",
            KEEP,
        ),
        (
            "",
            "",
            "Ingress",
            "metadata/annotations/nginx.ingress.kubernetes.io\\/auth-tls-secret",
            KEEP,
        ),
        ("", "", "ServiceAccount", "imagePullSecrets/name", KEEP),
        ("", "", "StorageClass", "parameters/secretName", KEEP),
        ("", "", "StorageClass", "parameters/adminSecretName", KEEP),
        ("", "", "StorageClass", "parameters/userSecretName", KEEP),
        ("", "", "StorageClass", "parameters/secretRef", KEEP),
        ("", "", "Role", "rules/resourceNames", KEEP),
        ("", "", "ClusterRole", "rules/resourceNames", KEEP),
        (
            "serving.knative.dev",
            "v1",
            "Service",
            "spec/template/spec/containers/env/valueFrom/secretKeyRef/name",
            KEEP,
        ),
        (
            "",
            "",
            "PersistentVolume",
            "spec/azureFile/secretName",
            KEEP,
        ),
    ]));
    list
}

fn var_references() -> Vec<FieldSpec> {
    let pods: Vec<(&str, &str)> = WORKLOADS.iter().copied().chain([("Pod", "spec")]).collect();
    let mut list = Vec::new();
    for containers in ["containers", "initContainers"] {
        let paths: Vec<String> = CONTAINER_VARS
            .iter()
            .map(|path| format!("{containers}/{path}"))
            .collect();
        let paths: Vec<&str> = paths.iter().map(String::as_str).collect();
        list.extend(in_pods("", &pods, &paths));
    }
    list.extend(specs(&[
        // Sic: kustomize looks for volumes beside the `spec` of the pod.
        (
            "",
            "",
            "CronJob",
            "spec/jobTemplate/spec/template/volumes/nfs/server",
            KEEP,
        ),
        (
            "",
            "",
            "DaemonSet",
            "spec/template/spec/volumes/nfs/server",
            KEEP,
        ),
        (
            "",
            "",
            "Deployment",
            "spec/template/spec/volumes/nfs/server",
            KEEP,
        ),
        (
            "",
            "",
            "Deployment",
            "spec/template/metadata/annotations",
            KEEP,
        ),
        ("", "", "Ingress", "spec/rules/host", KEEP),
        ("", "", "Ingress", "spec/tls/hosts", KEEP),
        ("", "", "Ingress", "spec/tls/secretName", KEEP),
        ("", "", "Job", "spec/template/spec/volumes/nfs/server", KEEP),
        ("", "", "Pod", "spec/volumes/nfs/server", KEEP),
        (
            "",
            "",
            "ReplicaSet",
            "spec/template/spec/volumes/nfs/server",
            KEEP,
        ),
        ("", "", "Service", "spec/ports/port", KEEP),
        ("", "", "Service", "spec/ports/targetPort", KEEP),
        (
            "",
            "",
            "StatefulSet",
            "spec/volumeClaimTemplates/spec/nfs/server",
            KEEP,
        ),
        ("", "", "PersistentVolume", "spec/nfs/server", KEEP),
        ("", "", "", "metadata/labels", KEEP),
        ("", "", "", "metadata/annotations", KEEP),
    ]));
    list
}
