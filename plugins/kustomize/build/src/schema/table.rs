//! Types and scopes of Kubernetes' kinds; made by `cargo xtask kustomize-schema`, not by hand.

use super::known::Known::{self, Leaf, List, Map, MergeList, Object};

/// All types; fields, values and items are indices of this list.
#[rustfmt::skip]
pub(super) static TYPES: &[Known] = &[
    // 0
    Leaf,
    // 1: io.k8s.api.admissionregistration.v1.MutatingWebhookConfiguration
    Object(&[
        ("apiVersion", 0), ("kind", 0), ("metadata", 2), ("webhooks", 18),
    ]),
    // 2: io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta
    Object(&[
        ("annotations", 3), ("clusterName", 0), ("creationTimestamp", 0), ("deletionGracePeriodSeconds", 0),
        ("deletionTimestamp", 0), ("finalizers", 4), ("generateName", 0), ("generation", 0), ("labels", 3),
        ("managedFields", 6), ("name", 0), ("namespace", 0), ("ownerReferences", 8), ("resourceVersion", 0),
        ("selfLink", 0), ("uid", 0),
    ]),
    // 3
    Map(0),
    // 4
    MergeList(0, &[]),
    // 5: io.k8s.apimachinery.pkg.apis.meta.v1.ManagedFieldsEntry
    Object(&[
        ("apiVersion", 0), ("fieldsType", 0), ("fieldsV1", 0), ("manager", 0), ("operation", 0), ("time", 0),
    ]),
    // 6
    List(5),
    // 7: io.k8s.apimachinery.pkg.apis.meta.v1.OwnerReference
    Object(&[
        ("apiVersion", 0), ("blockOwnerDeletion", 0), ("controller", 0), ("kind", 0), ("name", 0),
        ("uid", 0),
    ]),
    // 8
    MergeList(7, &["uid"]),
    // 9: io.k8s.api.admissionregistration.v1.MutatingWebhook
    Object(&[
        ("admissionReviewVersions", 10), ("clientConfig", 11), ("failurePolicy", 0), ("matchPolicy", 0),
        ("name", 0), ("namespaceSelector", 13), ("objectSelector", 13), ("reinvocationPolicy", 0),
        ("rules", 17), ("sideEffects", 0), ("timeoutSeconds", 0),
    ]),
    // 10
    List(0),
    // 11: io.k8s.api.admissionregistration.v1.WebhookClientConfig
    Object(&[
        ("caBundle", 0), ("service", 12), ("url", 0),
    ]),
    // 12: io.k8s.api.admissionregistration.v1.ServiceReference
    Object(&[
        ("name", 0), ("namespace", 0), ("path", 0), ("port", 0),
    ]),
    // 13: io.k8s.apimachinery.pkg.apis.meta.v1.LabelSelector
    Object(&[
        ("matchExpressions", 15), ("matchLabels", 3),
    ]),
    // 14: io.k8s.apimachinery.pkg.apis.meta.v1.LabelSelectorRequirement
    Object(&[
        ("key", 0), ("operator", 0), ("values", 10),
    ]),
    // 15
    List(14),
    // 16: io.k8s.api.admissionregistration.v1.RuleWithOperations
    Object(&[
        ("apiGroups", 10), ("apiVersions", 10), ("operations", 10), ("resources", 10), ("scope", 0),
    ]),
    // 17
    List(16),
    // 18
    MergeList(9, &["name"]),
    // 19: io.k8s.api.admissionregistration.v1.MutatingWebhookConfigurationList
    Object(&[
        ("apiVersion", 0), ("items", 20), ("kind", 0), ("metadata", 21),
    ]),
    // 20
    List(1),
    // 21: io.k8s.apimachinery.pkg.apis.meta.v1.ListMeta
    Object(&[
        ("continue", 0), ("remainingItemCount", 0), ("resourceVersion", 0), ("selfLink", 0),
    ]),
    // 22: io.k8s.api.admissionregistration.v1.ValidatingWebhookConfiguration
    Object(&[
        ("apiVersion", 0), ("kind", 0), ("metadata", 2), ("webhooks", 24),
    ]),
    // 23: io.k8s.api.admissionregistration.v1.ValidatingWebhook
    Object(&[
        ("admissionReviewVersions", 10), ("clientConfig", 11), ("failurePolicy", 0), ("matchPolicy", 0),
        ("name", 0), ("namespaceSelector", 13), ("objectSelector", 13), ("rules", 17), ("sideEffects", 0),
        ("timeoutSeconds", 0),
    ]),
    // 24
    MergeList(23, &["name"]),
    // 25: io.k8s.api.admissionregistration.v1.ValidatingWebhookConfigurationList
    Object(&[
        ("apiVersion", 0), ("items", 26), ("kind", 0), ("metadata", 21),
    ]),
    // 26
    List(22),
    // 27: io.k8s.api.admissionregistration.v1beta1.MutatingWebhookConfiguration
    Object(&[
        ("apiVersion", 0), ("kind", 0), ("metadata", 2), ("webhooks", 33),
    ]),
    // 28: io.k8s.api.admissionregistration.v1beta1.MutatingWebhook
    Object(&[
        ("admissionReviewVersions", 10), ("clientConfig", 29), ("failurePolicy", 0), ("matchPolicy", 0),
        ("name", 0), ("namespaceSelector", 13), ("objectSelector", 13), ("reinvocationPolicy", 0),
        ("rules", 32), ("sideEffects", 0), ("timeoutSeconds", 0),
    ]),
    // 29: io.k8s.api.admissionregistration.v1beta1.WebhookClientConfig
    Object(&[
        ("caBundle", 0), ("service", 30), ("url", 0),
    ]),
    // 30: io.k8s.api.admissionregistration.v1beta1.ServiceReference
    Object(&[
        ("name", 0), ("namespace", 0), ("path", 0), ("port", 0),
    ]),
    // 31: io.k8s.api.admissionregistration.v1beta1.RuleWithOperations
    Object(&[
        ("apiGroups", 10), ("apiVersions", 10), ("operations", 10), ("resources", 10), ("scope", 0),
    ]),
    // 32
    List(31),
    // 33
    MergeList(28, &["name"]),
    // 34: io.k8s.api.admissionregistration.v1beta1.MutatingWebhookConfigurationList
    Object(&[
        ("apiVersion", 0), ("items", 35), ("kind", 0), ("metadata", 21),
    ]),
    // 35
    List(27),
    // 36: io.k8s.api.admissionregistration.v1beta1.ValidatingWebhookConfiguration
    Object(&[
        ("apiVersion", 0), ("kind", 0), ("metadata", 2), ("webhooks", 38),
    ]),
    // 37: io.k8s.api.admissionregistration.v1beta1.ValidatingWebhook
    Object(&[
        ("admissionReviewVersions", 10), ("clientConfig", 29), ("failurePolicy", 0), ("matchPolicy", 0),
        ("name", 0), ("namespaceSelector", 13), ("objectSelector", 13), ("rules", 32), ("sideEffects", 0),
        ("timeoutSeconds", 0),
    ]),
    // 38
    MergeList(37, &["name"]),
    // 39: io.k8s.api.admissionregistration.v1beta1.ValidatingWebhookConfigurationList
    Object(&[
        ("apiVersion", 0), ("items", 40), ("kind", 0), ("metadata", 21),
    ]),
    // 40
    List(36),
    // 41: io.k8s.api.apps.v1.ConfigMapArgs
    Object(&[
        ("GeneratorArgs", 42),
    ]),
    // 42: io.k8s.api.apps.v1.GeneratorArgs
    Object(&[
        ("KvPairSources", 43), ("behavior", 0), ("name", 0), ("namespace", 0),
    ]),
    // 43: io.k8s.api.apps.v1.KvPairSources
    Object(&[
        ("env", 0), ("envs", 10), ("files", 10), ("literals", 10),
    ]),
    // 44: io.k8s.api.apps.v1.ControllerRevision
    Object(&[
        ("apiVersion", 0), ("data", 0), ("kind", 0), ("metadata", 2), ("revision", 0),
    ]),
    // 45: io.k8s.api.apps.v1.ControllerRevisionList
    Object(&[
        ("apiVersion", 0), ("items", 46), ("kind", 0), ("metadata", 21),
    ]),
    // 46
    List(44),
    // 47: io.k8s.api.apps.v1.DaemonSet
    Object(&[
        ("apiVersion", 0), ("kind", 0), ("metadata", 2), ("spec", 48), ("status", 164),
    ]),
    // 48: io.k8s.api.apps.v1.DaemonSetSpec
    Object(&[
        ("minReadySeconds", 0), ("revisionHistoryLimit", 0), ("selector", 13), ("template", 49),
        ("updateStrategy", 162),
    ]),
    // 49: io.k8s.api.core.v1.PodTemplateSpec
    Object(&[
        ("metadata", 2), ("spec", 50),
    ]),
    // 50: io.k8s.api.core.v1.PodSpec
    Object(&[
        ("activeDeadlineSeconds", 0), ("affinity", 51), ("automountServiceAccountToken", 0),
        ("containers", 98), ("dnsConfig", 99), ("dnsPolicy", 0), ("enableServiceLinks", 0),
        ("ephemeralContainers", 104), ("hostAliases", 106), ("hostIPC", 0), ("hostNetwork", 0),
        ("hostPID", 0), ("hostname", 0), ("imagePullSecrets", 108), ("initContainers", 98), ("nodeName", 0),
        ("nodeSelector", 3), ("overhead", 3), ("preemptionPolicy", 0), ("priority", 0),
        ("priorityClassName", 0), ("readinessGates", 110), ("restartPolicy", 0), ("runtimeClassName", 0),
        ("schedulerName", 0), ("securityContext", 111), ("serviceAccount", 0), ("serviceAccountName", 0),
        ("setHostnameAsFQDN", 0), ("shareProcessNamespace", 0), ("subdomain", 0),
        ("terminationGracePeriodSeconds", 0), ("tolerations", 115), ("topologySpreadConstraints", 117),
        ("volumes", 161),
    ]),
    // 51: io.k8s.api.core.v1.Affinity
    Object(&[
        ("nodeAffinity", 52), ("podAffinity", 60), ("podAntiAffinity", 65),
    ]),
    // 52: io.k8s.api.core.v1.NodeAffinity
    Object(&[
        ("preferredDuringSchedulingIgnoredDuringExecution", 57),
        ("requiredDuringSchedulingIgnoredDuringExecution", 58),
    ]),
    // 53: io.k8s.api.core.v1.PreferredSchedulingTerm
    Object(&[
        ("preference", 54), ("weight", 0),
    ]),
    // 54: io.k8s.api.core.v1.NodeSelectorTerm
    Object(&[
        ("matchExpressions", 56), ("matchFields", 56),
    ]),
    // 55: io.k8s.api.core.v1.NodeSelectorRequirement
    Object(&[
        ("key", 0), ("operator", 0), ("values", 10),
    ]),
    // 56
    List(55),
    // 57
    List(53),
    // 58: io.k8s.api.core.v1.NodeSelector
    Object(&[
        ("nodeSelectorTerms", 59),
    ]),
    // 59
    List(54),
    // 60: io.k8s.api.core.v1.PodAffinity
    Object(&[
        ("preferredDuringSchedulingIgnoredDuringExecution", 63),
        ("requiredDuringSchedulingIgnoredDuringExecution", 64),
    ]),
    // 61: io.k8s.api.core.v1.WeightedPodAffinityTerm
    Object(&[
        ("podAffinityTerm", 62), ("weight", 0),
    ]),
    // 62: io.k8s.api.core.v1.PodAffinityTerm
    Object(&[
        ("labelSelector", 13), ("namespaceSelector", 13), ("namespaces", 10), ("topologyKey", 0),
    ]),
    // 63
    List(61),
    // 64
    List(62),
    // 65: io.k8s.api.core.v1.PodAntiAffinity
    Object(&[
        ("preferredDuringSchedulingIgnoredDuringExecution", 63),
        ("requiredDuringSchedulingIgnoredDuringExecution", 64),
    ]),
    // 66: io.k8s.api.core.v1.Container
    Object(&[
        ("args", 10), ("command", 10), ("env", 73), ("envFrom", 77), ("image", 0), ("imagePullPolicy", 0),
        ("lifecycle", 78), ("livenessProbe", 85), ("name", 0), ("ports", 87), ("readinessProbe", 85),
        ("resources", 88), ("securityContext", 89), ("startupProbe", 85), ("stdin", 0), ("stdinOnce", 0),
        ("terminationMessagePath", 0), ("terminationMessagePolicy", 0), ("tty", 0), ("volumeDevices", 95),
        ("volumeMounts", 97), ("workingDir", 0),
    ]),
    // 67: io.k8s.api.core.v1.EnvVar
    Object(&[
        ("name", 0), ("value", 0), ("valueFrom", 68),
    ]),
    // 68: io.k8s.api.core.v1.EnvVarSource
    Object(&[
        ("configMapKeyRef", 69), ("fieldRef", 70), ("resourceFieldRef", 71), ("secretKeyRef", 72),
    ]),
    // 69: io.k8s.api.core.v1.ConfigMapKeySelector
    Object(&[
        ("key", 0), ("name", 0), ("optional", 0),
    ]),
    // 70: io.k8s.api.core.v1.ObjectFieldSelector
    Object(&[
        ("apiVersion", 0), ("fieldPath", 0),
    ]),
    // 71: io.k8s.api.core.v1.ResourceFieldSelector
    Object(&[
        ("containerName", 0), ("divisor", 0), ("resource", 0),
    ]),
    // 72: io.k8s.api.core.v1.SecretKeySelector
    Object(&[
        ("key", 0), ("name", 0), ("optional", 0),
    ]),
    // 73
    MergeList(67, &["name"]),
    // 74: io.k8s.api.core.v1.EnvFromSource
    Object(&[
        ("configMapRef", 75), ("prefix", 0), ("secretRef", 76),
    ]),
    // 75: io.k8s.api.core.v1.ConfigMapEnvSource
    Object(&[
        ("name", 0), ("optional", 0),
    ]),
    // 76: io.k8s.api.core.v1.SecretEnvSource
    Object(&[
        ("name", 0), ("optional", 0),
    ]),
    // 77
    List(74),
    // 78: io.k8s.api.core.v1.Lifecycle
    Object(&[
        ("postStart", 79), ("preStop", 79),
    ]),
    // 79: io.k8s.api.core.v1.Handler
    Object(&[
        ("exec", 80), ("httpGet", 81), ("tcpSocket", 84),
    ]),
    // 80: io.k8s.api.core.v1.ExecAction
    Object(&[
        ("command", 10),
    ]),
    // 81: io.k8s.api.core.v1.HTTPGetAction
    Object(&[
        ("host", 0), ("httpHeaders", 83), ("path", 0), ("port", 0), ("scheme", 0),
    ]),
    // 82: io.k8s.api.core.v1.HTTPHeader
    Object(&[
        ("name", 0), ("value", 0),
    ]),
    // 83
    List(82),
    // 84: io.k8s.api.core.v1.TCPSocketAction
    Object(&[
        ("host", 0), ("port", 0),
    ]),
    // 85: io.k8s.api.core.v1.Probe
    Object(&[
        ("exec", 80), ("failureThreshold", 0), ("httpGet", 81), ("initialDelaySeconds", 0),
        ("periodSeconds", 0), ("successThreshold", 0), ("tcpSocket", 84),
        ("terminationGracePeriodSeconds", 0), ("timeoutSeconds", 0),
    ]),
    // 86: io.k8s.api.core.v1.ContainerPort
    Object(&[
        ("containerPort", 0), ("hostIP", 0), ("hostPort", 0), ("name", 0), ("protocol", 0),
    ]),
    // 87
    MergeList(86, &["containerPort", "protocol"]),
    // 88: io.k8s.api.core.v1.ResourceRequirements
    Object(&[
        ("limits", 3), ("requests", 3),
    ]),
    // 89: io.k8s.api.core.v1.SecurityContext
    Object(&[
        ("allowPrivilegeEscalation", 0), ("capabilities", 90), ("privileged", 0), ("procMount", 0),
        ("readOnlyRootFilesystem", 0), ("runAsGroup", 0), ("runAsNonRoot", 0), ("runAsUser", 0),
        ("seLinuxOptions", 91), ("seccompProfile", 92), ("windowsOptions", 93),
    ]),
    // 90: io.k8s.api.core.v1.Capabilities
    Object(&[
        ("add", 10), ("drop", 10),
    ]),
    // 91: io.k8s.api.core.v1.SELinuxOptions
    Object(&[
        ("level", 0), ("role", 0), ("type", 0), ("user", 0),
    ]),
    // 92: io.k8s.api.core.v1.SeccompProfile
    Object(&[
        ("localhostProfile", 0), ("type", 0),
    ]),
    // 93: io.k8s.api.core.v1.WindowsSecurityContextOptions
    Object(&[
        ("gmsaCredentialSpec", 0), ("gmsaCredentialSpecName", 0), ("runAsUserName", 0),
    ]),
    // 94: io.k8s.api.core.v1.VolumeDevice
    Object(&[
        ("devicePath", 0), ("name", 0),
    ]),
    // 95
    MergeList(94, &["devicePath"]),
    // 96: io.k8s.api.core.v1.VolumeMount
    Object(&[
        ("mountPath", 0), ("mountPropagation", 0), ("name", 0), ("readOnly", 0), ("subPath", 0),
        ("subPathExpr", 0),
    ]),
    // 97
    MergeList(96, &["mountPath"]),
    // 98
    MergeList(66, &["name"]),
    // 99: io.k8s.api.core.v1.PodDNSConfig
    Object(&[
        ("nameservers", 10), ("options", 101), ("searches", 10),
    ]),
    // 100: io.k8s.api.core.v1.PodDNSConfigOption
    Object(&[
        ("name", 0), ("value", 0),
    ]),
    // 101
    List(100),
    // 102: io.k8s.api.core.v1.EphemeralContainer
    Object(&[
        ("args", 10), ("command", 10), ("env", 73), ("envFrom", 77), ("image", 0), ("imagePullPolicy", 0),
        ("lifecycle", 78), ("livenessProbe", 85), ("name", 0), ("ports", 103), ("readinessProbe", 85),
        ("resources", 88), ("securityContext", 89), ("startupProbe", 85), ("stdin", 0), ("stdinOnce", 0),
        ("targetContainerName", 0), ("terminationMessagePath", 0), ("terminationMessagePolicy", 0),
        ("tty", 0), ("volumeDevices", 95), ("volumeMounts", 97), ("workingDir", 0),
    ]),
    // 103
    List(86),
    // 104
    MergeList(102, &["name"]),
    // 105: io.k8s.api.core.v1.HostAlias
    Object(&[
        ("hostnames", 10), ("ip", 0),
    ]),
    // 106
    MergeList(105, &["ip"]),
    // 107: io.k8s.api.core.v1.LocalObjectReference
    Object(&[
        ("name", 0),
    ]),
    // 108
    MergeList(107, &["name"]),
    // 109: io.k8s.api.core.v1.PodReadinessGate
    Object(&[
        ("conditionType", 0),
    ]),
    // 110
    List(109),
    // 111: io.k8s.api.core.v1.PodSecurityContext
    Object(&[
        ("fsGroup", 0), ("fsGroupChangePolicy", 0), ("runAsGroup", 0), ("runAsNonRoot", 0), ("runAsUser", 0),
        ("seLinuxOptions", 91), ("seccompProfile", 92), ("supplementalGroups", 10), ("sysctls", 113),
        ("windowsOptions", 93),
    ]),
    // 112: io.k8s.api.core.v1.Sysctl
    Object(&[
        ("name", 0), ("value", 0),
    ]),
    // 113
    List(112),
    // 114: io.k8s.api.core.v1.Toleration
    Object(&[
        ("effect", 0), ("key", 0), ("operator", 0), ("tolerationSeconds", 0), ("value", 0),
    ]),
    // 115
    List(114),
    // 116: io.k8s.api.core.v1.TopologySpreadConstraint
    Object(&[
        ("labelSelector", 13), ("maxSkew", 0), ("topologyKey", 0), ("whenUnsatisfiable", 0),
    ]),
    // 117
    MergeList(116, &["topologyKey", "whenUnsatisfiable"]),
    // 118: io.k8s.api.core.v1.Volume
    Object(&[
        ("awsElasticBlockStore", 119), ("azureDisk", 120), ("azureFile", 121), ("cephfs", 122),
        ("cinder", 123), ("configMap", 124), ("csi", 127), ("downwardAPI", 128), ("emptyDir", 131),
        ("ephemeral", 132), ("fc", 136), ("flexVolume", 137), ("flocker", 138), ("gcePersistentDisk", 139),
        ("gitRepo", 140), ("glusterfs", 141), ("hostPath", 142), ("iscsi", 143), ("name", 0), ("nfs", 144),
        ("persistentVolumeClaim", 145), ("photonPersistentDisk", 146), ("portworxVolume", 147),
        ("projected", 148), ("quobyte", 155), ("rbd", 156), ("scaleIO", 157), ("secret", 158),
        ("storageos", 159), ("vsphereVolume", 160),
    ]),
    // 119: io.k8s.api.core.v1.AWSElasticBlockStoreVolumeSource
    Object(&[
        ("fsType", 0), ("partition", 0), ("readOnly", 0), ("volumeID", 0),
    ]),
    // 120: io.k8s.api.core.v1.AzureDiskVolumeSource
    Object(&[
        ("cachingMode", 0), ("diskName", 0), ("diskURI", 0), ("fsType", 0), ("kind", 0), ("readOnly", 0),
    ]),
    // 121: io.k8s.api.core.v1.AzureFileVolumeSource
    Object(&[
        ("readOnly", 0), ("secretName", 0), ("shareName", 0),
    ]),
    // 122: io.k8s.api.core.v1.CephFSVolumeSource
    Object(&[
        ("monitors", 10), ("path", 0), ("readOnly", 0), ("secretFile", 0), ("secretRef", 107), ("user", 0),
    ]),
    // 123: io.k8s.api.core.v1.CinderVolumeSource
    Object(&[
        ("fsType", 0), ("readOnly", 0), ("secretRef", 107), ("volumeID", 0),
    ]),
    // 124: io.k8s.api.core.v1.ConfigMapVolumeSource
    Object(&[
        ("defaultMode", 0), ("items", 126), ("name", 0), ("optional", 0),
    ]),
    // 125: io.k8s.api.core.v1.KeyToPath
    Object(&[
        ("key", 0), ("mode", 0), ("path", 0),
    ]),
    // 126
    List(125),
    // 127: io.k8s.api.core.v1.CSIVolumeSource
    Object(&[
        ("driver", 0), ("fsType", 0), ("nodePublishSecretRef", 107), ("readOnly", 0),
        ("volumeAttributes", 3),
    ]),
    // 128: io.k8s.api.core.v1.DownwardAPIVolumeSource
    Object(&[
        ("defaultMode", 0), ("items", 130),
    ]),
    // 129: io.k8s.api.core.v1.DownwardAPIVolumeFile
    Object(&[
        ("fieldRef", 70), ("mode", 0), ("path", 0), ("resourceFieldRef", 71),
    ]),
    // 130
    List(129),
    // 131: io.k8s.api.core.v1.EmptyDirVolumeSource
    Object(&[
        ("medium", 0), ("sizeLimit", 0),
    ]),
    // 132: io.k8s.api.core.v1.EphemeralVolumeSource
    Object(&[
        ("volumeClaimTemplate", 133),
    ]),
    // 133: io.k8s.api.core.v1.PersistentVolumeClaimTemplate
    Object(&[
        ("metadata", 2), ("spec", 134),
    ]),
    // 134: io.k8s.api.core.v1.PersistentVolumeClaimSpec
    Object(&[
        ("accessModes", 10), ("dataSource", 135), ("resources", 88), ("selector", 13),
        ("storageClassName", 0), ("volumeMode", 0), ("volumeName", 0),
    ]),
    // 135: io.k8s.api.core.v1.TypedLocalObjectReference
    Object(&[
        ("apiGroup", 0), ("kind", 0), ("name", 0),
    ]),
    // 136: io.k8s.api.core.v1.FCVolumeSource
    Object(&[
        ("fsType", 0), ("lun", 0), ("readOnly", 0), ("targetWWNs", 10), ("wwids", 10),
    ]),
    // 137: io.k8s.api.core.v1.FlexVolumeSource
    Object(&[
        ("driver", 0), ("fsType", 0), ("options", 3), ("readOnly", 0), ("secretRef", 107),
    ]),
    // 138: io.k8s.api.core.v1.FlockerVolumeSource
    Object(&[
        ("datasetName", 0), ("datasetUUID", 0),
    ]),
    // 139: io.k8s.api.core.v1.GCEPersistentDiskVolumeSource
    Object(&[
        ("fsType", 0), ("partition", 0), ("pdName", 0), ("readOnly", 0),
    ]),
    // 140: io.k8s.api.core.v1.GitRepoVolumeSource
    Object(&[
        ("directory", 0), ("repository", 0), ("revision", 0),
    ]),
    // 141: io.k8s.api.core.v1.GlusterfsVolumeSource
    Object(&[
        ("endpoints", 0), ("path", 0), ("readOnly", 0),
    ]),
    // 142: io.k8s.api.core.v1.HostPathVolumeSource
    Object(&[
        ("path", 0), ("type", 0),
    ]),
    // 143: io.k8s.api.core.v1.ISCSIVolumeSource
    Object(&[
        ("chapAuthDiscovery", 0), ("chapAuthSession", 0), ("fsType", 0), ("initiatorName", 0), ("iqn", 0),
        ("iscsiInterface", 0), ("lun", 0), ("portals", 10), ("readOnly", 0), ("secretRef", 107),
        ("targetPortal", 0),
    ]),
    // 144: io.k8s.api.core.v1.NFSVolumeSource
    Object(&[
        ("path", 0), ("readOnly", 0), ("server", 0),
    ]),
    // 145: io.k8s.api.core.v1.PersistentVolumeClaimVolumeSource
    Object(&[
        ("claimName", 0), ("readOnly", 0),
    ]),
    // 146: io.k8s.api.core.v1.PhotonPersistentDiskVolumeSource
    Object(&[
        ("fsType", 0), ("pdID", 0),
    ]),
    // 147: io.k8s.api.core.v1.PortworxVolumeSource
    Object(&[
        ("fsType", 0), ("readOnly", 0), ("volumeID", 0),
    ]),
    // 148: io.k8s.api.core.v1.ProjectedVolumeSource
    Object(&[
        ("defaultMode", 0), ("sources", 154),
    ]),
    // 149: io.k8s.api.core.v1.VolumeProjection
    Object(&[
        ("configMap", 150), ("downwardAPI", 151), ("secret", 152), ("serviceAccountToken", 153),
    ]),
    // 150: io.k8s.api.core.v1.ConfigMapProjection
    Object(&[
        ("items", 126), ("name", 0), ("optional", 0),
    ]),
    // 151: io.k8s.api.core.v1.DownwardAPIProjection
    Object(&[
        ("items", 130),
    ]),
    // 152: io.k8s.api.core.v1.SecretProjection
    Object(&[
        ("items", 126), ("name", 0), ("optional", 0),
    ]),
    // 153: io.k8s.api.core.v1.ServiceAccountTokenProjection
    Object(&[
        ("audience", 0), ("expirationSeconds", 0), ("path", 0),
    ]),
    // 154
    List(149),
    // 155: io.k8s.api.core.v1.QuobyteVolumeSource
    Object(&[
        ("group", 0), ("readOnly", 0), ("registry", 0), ("tenant", 0), ("user", 0), ("volume", 0),
    ]),
    // 156: io.k8s.api.core.v1.RBDVolumeSource
    Object(&[
        ("fsType", 0), ("image", 0), ("keyring", 0), ("monitors", 10), ("pool", 0), ("readOnly", 0),
        ("secretRef", 107), ("user", 0),
    ]),
    // 157: io.k8s.api.core.v1.ScaleIOVolumeSource
    Object(&[
        ("fsType", 0), ("gateway", 0), ("protectionDomain", 0), ("readOnly", 0), ("secretRef", 107),
        ("sslEnabled", 0), ("storageMode", 0), ("storagePool", 0), ("system", 0), ("volumeName", 0),
    ]),
    // 158: io.k8s.api.core.v1.SecretVolumeSource
    Object(&[
        ("defaultMode", 0), ("items", 126), ("optional", 0), ("secretName", 0),
    ]),
    // 159: io.k8s.api.core.v1.StorageOSVolumeSource
    Object(&[
        ("fsType", 0), ("readOnly", 0), ("secretRef", 107), ("volumeName", 0), ("volumeNamespace", 0),
    ]),
    // 160: io.k8s.api.core.v1.VsphereVirtualDiskVolumeSource
    Object(&[
        ("fsType", 0), ("storagePolicyID", 0), ("storagePolicyName", 0), ("volumePath", 0),
    ]),
    // 161
    MergeList(118, &["name"]),
    // 162: io.k8s.api.apps.v1.DaemonSetUpdateStrategy
    Object(&[
        ("rollingUpdate", 163), ("type", 0),
    ]),
    // 163: io.k8s.api.apps.v1.RollingUpdateDaemonSet
    Object(&[
        ("maxSurge", 0), ("maxUnavailable", 0),
    ]),
    // 164: io.k8s.api.apps.v1.DaemonSetStatus
    Object(&[
        ("collisionCount", 0), ("conditions", 166), ("currentNumberScheduled", 0),
        ("desiredNumberScheduled", 0), ("numberAvailable", 0), ("numberMisscheduled", 0), ("numberReady", 0),
        ("numberUnavailable", 0), ("observedGeneration", 0), ("updatedNumberScheduled", 0),
    ]),
    // 165: io.k8s.api.apps.v1.DaemonSetCondition
    Object(&[
        ("lastTransitionTime", 0), ("message", 0), ("reason", 0), ("status", 0), ("type", 0),
    ]),
    // 166
    MergeList(165, &["type"]),
    // 167: io.k8s.api.apps.v1.DaemonSetList
    Object(&[
        ("apiVersion", 0), ("items", 168), ("kind", 0), ("metadata", 21),
    ]),
    // 168
    List(47),
    // 169: io.k8s.api.apps.v1.Deployment
    Object(&[
        ("apiVersion", 0), ("kind", 0), ("metadata", 2), ("spec", 170), ("status", 173),
    ]),
    // 170: io.k8s.api.apps.v1.DeploymentSpec
    Object(&[
        ("minReadySeconds", 0), ("paused", 0), ("progressDeadlineSeconds", 0), ("replicas", 0),
        ("revisionHistoryLimit", 0), ("selector", 13), ("strategy", 171), ("template", 49),
    ]),
    // 171: io.k8s.api.apps.v1.DeploymentStrategy
    Object(&[
        ("rollingUpdate", 172), ("type", 0),
    ]),
    // 172: io.k8s.api.apps.v1.RollingUpdateDeployment
    Object(&[
        ("maxSurge", 0), ("maxUnavailable", 0),
    ]),
    // 173: io.k8s.api.apps.v1.DeploymentStatus
    Object(&[
        ("availableReplicas", 0), ("collisionCount", 0), ("conditions", 175), ("observedGeneration", 0),
        ("readyReplicas", 0), ("replicas", 0), ("unavailableReplicas", 0), ("updatedReplicas", 0),
    ]),
    // 174: io.k8s.api.apps.v1.DeploymentCondition
    Object(&[
        ("lastTransitionTime", 0), ("lastUpdateTime", 0), ("message", 0), ("reason", 0), ("status", 0),
        ("type", 0),
    ]),
    // 175
    MergeList(174, &["type"]),
    // 176: io.k8s.api.apps.v1.DeploymentList
    Object(&[
        ("apiVersion", 0), ("items", 177), ("kind", 0), ("metadata", 21),
    ]),
    // 177
    List(169),
    // 178: io.k8s.api.apps.v1.Kustomization
    Object(&[
        ("configMapGenerator", 179), ("secretGenerator", 181),
    ]),
    // 179
    MergeList(41, &["name"]),
    // 180: io.k8s.api.apps.v1.SecretArgs
    Object(&[
        ("GeneratorArgs", 42), ("type", 0),
    ]),
    // 181
    MergeList(180, &["name"]),
    // 182: io.k8s.api.apps.v1.ReplicaSet
    Object(&[
        ("apiVersion", 0), ("kind", 0), ("metadata", 2), ("spec", 183), ("status", 184),
    ]),
    // 183: io.k8s.api.apps.v1.ReplicaSetSpec
    Object(&[
        ("minReadySeconds", 0), ("replicas", 0), ("selector", 13), ("template", 49),
    ]),
    // 184: io.k8s.api.apps.v1.ReplicaSetStatus
    Object(&[
        ("availableReplicas", 0), ("conditions", 186), ("fullyLabeledReplicas", 0),
        ("observedGeneration", 0), ("readyReplicas", 0), ("replicas", 0),
    ]),
    // 185: io.k8s.api.apps.v1.ReplicaSetCondition
    Object(&[
        ("lastTransitionTime", 0), ("message", 0), ("reason", 0), ("status", 0), ("type", 0),
    ]),
    // 186
    MergeList(185, &["type"]),
    // 187: io.k8s.api.apps.v1.ReplicaSetList
    Object(&[
        ("apiVersion", 0), ("items", 188), ("kind", 0), ("metadata", 21),
    ]),
    // 188
    List(182),
    // 189: io.k8s.api.apps.v1.StatefulSet
    Object(&[
        ("apiVersion", 0), ("kind", 0), ("metadata", 2), ("spec", 190), ("status", 198),
    ]),
    // 190: io.k8s.api.apps.v1.StatefulSetSpec
    Object(&[
        ("podManagementPolicy", 0), ("replicas", 0), ("revisionHistoryLimit", 0), ("selector", 13),
        ("serviceName", 0), ("template", 49), ("updateStrategy", 191), ("volumeClaimTemplates", 197),
    ]),
    // 191: io.k8s.api.apps.v1.StatefulSetUpdateStrategy
    Object(&[
        ("rollingUpdate", 192), ("type", 0),
    ]),
    // 192: io.k8s.api.apps.v1.RollingUpdateStatefulSetStrategy
    Object(&[
        ("partition", 0),
    ]),
    // 193: io.k8s.api.core.v1.PersistentVolumeClaim
    Object(&[
        ("apiVersion", 0), ("kind", 0), ("metadata", 2), ("spec", 134), ("status", 194),
    ]),
    // 194: io.k8s.api.core.v1.PersistentVolumeClaimStatus
    Object(&[
        ("accessModes", 10), ("capacity", 3), ("conditions", 196), ("phase", 0),
    ]),
    // 195: io.k8s.api.core.v1.PersistentVolumeClaimCondition
    Object(&[
        ("lastProbeTime", 0), ("lastTransitionTime", 0), ("message", 0), ("reason", 0), ("status", 0),
        ("type", 0),
    ]),
    // 196
    MergeList(195, &["type"]),
    // 197
    List(193),
    // 198: io.k8s.api.apps.v1.StatefulSetStatus
    Object(&[
        ("collisionCount", 0), ("conditions", 200), ("currentReplicas", 0), ("currentRevision", 0),
        ("observedGeneration", 0), ("readyReplicas", 0), ("replicas", 0), ("updateRevision", 0),
        ("updatedReplicas", 0),
    ]),
    // 199: io.k8s.api.apps.v1.StatefulSetCondition
    Object(&[
        ("lastTransitionTime", 0), ("message", 0), ("reason", 0), ("status", 0), ("type", 0),
    ]),
    // 200
    MergeList(199, &["type"]),
    // 201: io.k8s.api.apps.v1.StatefulSetList
    Object(&[
        ("apiVersion", 0), ("items", 202), ("kind", 0), ("metadata", 21),
    ]),
    // 202
    List(189),
    // 203: io.k8s.api.authentication.v1.TokenRequest
    Object(&[
        ("apiVersion", 0), ("kind", 0), ("metadata", 2), ("spec", 204), ("status", 206),
    ]),
    // 204: io.k8s.api.authentication.v1.TokenRequestSpec
    Object(&[
        ("audiences", 10), ("boundObjectRef", 205), ("expirationSeconds", 0),
    ]),
    // 205: io.k8s.api.authentication.v1.BoundObjectReference
    Object(&[
        ("apiVersion", 0), ("kind", 0), ("name", 0), ("uid", 0),
    ]),
    // 206: io.k8s.api.authentication.v1.TokenRequestStatus
    Object(&[
        ("expirationTimestamp", 0), ("token", 0),
    ]),
    // 207: io.k8s.api.authentication.v1.TokenReview
    Object(&[
        ("apiVersion", 0), ("kind", 0), ("metadata", 2), ("spec", 208), ("status", 209),
    ]),
    // 208: io.k8s.api.authentication.v1.TokenReviewSpec
    Object(&[
        ("audiences", 10), ("token", 0),
    ]),
    // 209: io.k8s.api.authentication.v1.TokenReviewStatus
    Object(&[
        ("audiences", 10), ("authenticated", 0), ("error", 0), ("user", 210),
    ]),
    // 210: io.k8s.api.authentication.v1.UserInfo
    Object(&[
        ("extra", 211), ("groups", 10), ("uid", 0), ("username", 0),
    ]),
    // 211
    Map(10),
    // 212: io.k8s.api.authentication.v1beta1.TokenReview
    Object(&[
        ("apiVersion", 0), ("kind", 0), ("metadata", 2), ("spec", 213), ("status", 214),
    ]),
    // 213: io.k8s.api.authentication.v1beta1.TokenReviewSpec
    Object(&[
        ("audiences", 10), ("token", 0),
    ]),
    // 214: io.k8s.api.authentication.v1beta1.TokenReviewStatus
    Object(&[
        ("audiences", 10), ("authenticated", 0), ("error", 0), ("user", 215),
    ]),
    // 215: io.k8s.api.authentication.v1beta1.UserInfo
    Object(&[
        ("extra", 211), ("groups", 10), ("uid", 0), ("username", 0),
    ]),
    // 216: io.k8s.api.authorization.v1.LocalSubjectAccessReview
    Object(&[
        ("apiVersion", 0), ("kind", 0), ("metadata", 2), ("spec", 217), ("status", 220),
    ]),
    // 217: io.k8s.api.authorization.v1.SubjectAccessReviewSpec
    Object(&[
        ("extra", 211), ("groups", 10), ("nonResourceAttributes", 218), ("resourceAttributes", 219),
        ("uid", 0), ("user", 0),
    ]),
    // 218: io.k8s.api.authorization.v1.NonResourceAttributes
    Object(&[
        ("path", 0), ("verb", 0),
    ]),
    // 219: io.k8s.api.authorization.v1.ResourceAttributes
    Object(&[
        ("group", 0), ("name", 0), ("namespace", 0), ("resource", 0), ("subresource", 0), ("verb", 0),
        ("version", 0),
    ]),
    // 220: io.k8s.api.authorization.v1.SubjectAccessReviewStatus
    Object(&[
        ("allowed", 0), ("denied", 0), ("evaluationError", 0), ("reason", 0),
    ]),
    // 221: io.k8s.api.authorization.v1.SelfSubjectAccessReview
    Object(&[
        ("apiVersion", 0), ("kind", 0), ("metadata", 2), ("spec", 222), ("status", 220),
    ]),
    // 222: io.k8s.api.authorization.v1.SelfSubjectAccessReviewSpec
    Object(&[
        ("nonResourceAttributes", 218), ("resourceAttributes", 219),
    ]),
    // 223: io.k8s.api.authorization.v1.SelfSubjectRulesReview
    Object(&[
        ("apiVersion", 0), ("kind", 0), ("metadata", 2), ("spec", 224), ("status", 225),
    ]),
    // 224: io.k8s.api.authorization.v1.SelfSubjectRulesReviewSpec
    Object(&[
        ("namespace", 0),
    ]),
    // 225: io.k8s.api.authorization.v1.SubjectRulesReviewStatus
    Object(&[
        ("evaluationError", 0), ("incomplete", 0), ("nonResourceRules", 227), ("resourceRules", 229),
    ]),
    // 226: io.k8s.api.authorization.v1.NonResourceRule
    Object(&[
        ("nonResourceURLs", 10), ("verbs", 10),
    ]),
    // 227
    List(226),
    // 228: io.k8s.api.authorization.v1.ResourceRule
    Object(&[
        ("apiGroups", 10), ("resourceNames", 10), ("resources", 10), ("verbs", 10),
    ]),
    // 229
    List(228),
    // 230: io.k8s.api.authorization.v1.SubjectAccessReview
    Object(&[
        ("apiVersion", 0), ("kind", 0), ("metadata", 2), ("spec", 217), ("status", 220),
    ]),
    // 231: io.k8s.api.authorization.v1beta1.LocalSubjectAccessReview
    Object(&[
        ("apiVersion", 0), ("kind", 0), ("metadata", 2), ("spec", 232), ("status", 235),
    ]),
    // 232: io.k8s.api.authorization.v1beta1.SubjectAccessReviewSpec
    Object(&[
        ("extra", 211), ("group", 10), ("nonResourceAttributes", 233), ("resourceAttributes", 234),
        ("uid", 0), ("user", 0),
    ]),
    // 233: io.k8s.api.authorization.v1beta1.NonResourceAttributes
    Object(&[
        ("path", 0), ("verb", 0),
    ]),
    // 234: io.k8s.api.authorization.v1beta1.ResourceAttributes
    Object(&[
        ("group", 0), ("name", 0), ("namespace", 0), ("resource", 0), ("subresource", 0), ("verb", 0),
        ("version", 0),
    ]),
    // 235: io.k8s.api.authorization.v1beta1.SubjectAccessReviewStatus
    Object(&[
        ("allowed", 0), ("denied", 0), ("evaluationError", 0), ("reason", 0),
    ]),
    // 236: io.k8s.api.authorization.v1beta1.SelfSubjectAccessReview
    Object(&[
        ("apiVersion", 0), ("kind", 0), ("metadata", 2), ("spec", 237), ("status", 235),
    ]),
    // 237: io.k8s.api.authorization.v1beta1.SelfSubjectAccessReviewSpec
    Object(&[
        ("nonResourceAttributes", 233), ("resourceAttributes", 234),
    ]),
    // 238: io.k8s.api.authorization.v1beta1.SelfSubjectRulesReview
    Object(&[
        ("apiVersion", 0), ("kind", 0), ("metadata", 2), ("spec", 239), ("status", 240),
    ]),
    // 239: io.k8s.api.authorization.v1beta1.SelfSubjectRulesReviewSpec
    Object(&[
        ("namespace", 0),
    ]),
    // 240: io.k8s.api.authorization.v1beta1.SubjectRulesReviewStatus
    Object(&[
        ("evaluationError", 0), ("incomplete", 0), ("nonResourceRules", 242), ("resourceRules", 244),
    ]),
    // 241: io.k8s.api.authorization.v1beta1.NonResourceRule
    Object(&[
        ("nonResourceURLs", 10), ("verbs", 10),
    ]),
    // 242
    List(241),
    // 243: io.k8s.api.authorization.v1beta1.ResourceRule
    Object(&[
        ("apiGroups", 10), ("resourceNames", 10), ("resources", 10), ("verbs", 10),
    ]),
    // 244
    List(243),
    // 245: io.k8s.api.authorization.v1beta1.SubjectAccessReview
    Object(&[
        ("apiVersion", 0), ("kind", 0), ("metadata", 2), ("spec", 232), ("status", 235),
    ]),
    // 246: io.k8s.api.autoscaling.v1.HorizontalPodAutoscaler
    Object(&[
        ("apiVersion", 0), ("kind", 0), ("metadata", 2), ("spec", 247), ("status", 249),
    ]),
    // 247: io.k8s.api.autoscaling.v1.HorizontalPodAutoscalerSpec
    Object(&[
        ("maxReplicas", 0), ("minReplicas", 0), ("scaleTargetRef", 248),
        ("targetCPUUtilizationPercentage", 0),
    ]),
    // 248: io.k8s.api.autoscaling.v1.CrossVersionObjectReference
    Object(&[
        ("apiVersion", 0), ("kind", 0), ("name", 0),
    ]),
    // 249: io.k8s.api.autoscaling.v1.HorizontalPodAutoscalerStatus
    Object(&[
        ("currentCPUUtilizationPercentage", 0), ("currentReplicas", 0), ("desiredReplicas", 0),
        ("lastScaleTime", 0), ("observedGeneration", 0),
    ]),
    // 250: io.k8s.api.autoscaling.v1.HorizontalPodAutoscalerList
    Object(&[
        ("apiVersion", 0), ("items", 251), ("kind", 0), ("metadata", 21),
    ]),
    // 251
    List(246),
    // 252: io.k8s.api.autoscaling.v1.Scale
    Object(&[
        ("apiVersion", 0), ("kind", 0), ("metadata", 2), ("spec", 253), ("status", 254),
    ]),
    // 253: io.k8s.api.autoscaling.v1.ScaleSpec
    Object(&[
        ("replicas", 0),
    ]),
    // 254: io.k8s.api.autoscaling.v1.ScaleStatus
    Object(&[
        ("replicas", 0), ("selector", 0),
    ]),
    // 255: io.k8s.api.autoscaling.v2beta1.HorizontalPodAutoscaler
    Object(&[
        ("apiVersion", 0), ("kind", 0), ("metadata", 2), ("spec", 256), ("status", 265),
    ]),
    // 256: io.k8s.api.autoscaling.v2beta1.HorizontalPodAutoscalerSpec
    Object(&[
        ("maxReplicas", 0), ("metrics", 264), ("minReplicas", 0), ("scaleTargetRef", 261),
    ]),
    // 257: io.k8s.api.autoscaling.v2beta1.MetricSpec
    Object(&[
        ("containerResource", 258), ("external", 259), ("object", 260), ("pods", 262), ("resource", 263),
        ("type", 0),
    ]),
    // 258: io.k8s.api.autoscaling.v2beta1.ContainerResourceMetricSource
    Object(&[
        ("container", 0), ("name", 0), ("targetAverageUtilization", 0), ("targetAverageValue", 0),
    ]),
    // 259: io.k8s.api.autoscaling.v2beta1.ExternalMetricSource
    Object(&[
        ("metricName", 0), ("metricSelector", 13), ("targetAverageValue", 0), ("targetValue", 0),
    ]),
    // 260: io.k8s.api.autoscaling.v2beta1.ObjectMetricSource
    Object(&[
        ("averageValue", 0), ("metricName", 0), ("selector", 13), ("target", 261), ("targetValue", 0),
    ]),
    // 261: io.k8s.api.autoscaling.v2beta1.CrossVersionObjectReference
    Object(&[
        ("apiVersion", 0), ("kind", 0), ("name", 0),
    ]),
    // 262: io.k8s.api.autoscaling.v2beta1.PodsMetricSource
    Object(&[
        ("metricName", 0), ("selector", 13), ("targetAverageValue", 0),
    ]),
    // 263: io.k8s.api.autoscaling.v2beta1.ResourceMetricSource
    Object(&[
        ("name", 0), ("targetAverageUtilization", 0), ("targetAverageValue", 0),
    ]),
    // 264
    List(257),
    // 265: io.k8s.api.autoscaling.v2beta1.HorizontalPodAutoscalerStatus
    Object(&[
        ("conditions", 267), ("currentMetrics", 274), ("currentReplicas", 0), ("desiredReplicas", 0),
        ("lastScaleTime", 0), ("observedGeneration", 0),
    ]),
    // 266: io.k8s.api.autoscaling.v2beta1.HorizontalPodAutoscalerCondition
    Object(&[
        ("lastTransitionTime", 0), ("message", 0), ("reason", 0), ("status", 0), ("type", 0),
    ]),
    // 267
    List(266),
    // 268: io.k8s.api.autoscaling.v2beta1.MetricStatus
    Object(&[
        ("containerResource", 269), ("external", 270), ("object", 271), ("pods", 272), ("resource", 273),
        ("type", 0),
    ]),
    // 269: io.k8s.api.autoscaling.v2beta1.ContainerResourceMetricStatus
    Object(&[
        ("container", 0), ("currentAverageUtilization", 0), ("currentAverageValue", 0), ("name", 0),
    ]),
    // 270: io.k8s.api.autoscaling.v2beta1.ExternalMetricStatus
    Object(&[
        ("currentAverageValue", 0), ("currentValue", 0), ("metricName", 0), ("metricSelector", 13),
    ]),
    // 271: io.k8s.api.autoscaling.v2beta1.ObjectMetricStatus
    Object(&[
        ("averageValue", 0), ("currentValue", 0), ("metricName", 0), ("selector", 13), ("target", 261),
    ]),
    // 272: io.k8s.api.autoscaling.v2beta1.PodsMetricStatus
    Object(&[
        ("currentAverageValue", 0), ("metricName", 0), ("selector", 13),
    ]),
    // 273: io.k8s.api.autoscaling.v2beta1.ResourceMetricStatus
    Object(&[
        ("currentAverageUtilization", 0), ("currentAverageValue", 0), ("name", 0),
    ]),
    // 274
    List(268),
    // 275: io.k8s.api.autoscaling.v2beta1.HorizontalPodAutoscalerList
    Object(&[
        ("apiVersion", 0), ("items", 276), ("kind", 0), ("metadata", 21),
    ]),
    // 276
    List(255),
    // 277: io.k8s.api.autoscaling.v2beta2.HorizontalPodAutoscaler
    Object(&[
        ("apiVersion", 0), ("kind", 0), ("metadata", 2), ("spec", 278), ("status", 293),
    ]),
    // 278: io.k8s.api.autoscaling.v2beta2.HorizontalPodAutoscalerSpec
    Object(&[
        ("behavior", 279), ("maxReplicas", 0), ("metrics", 292), ("minReplicas", 0), ("scaleTargetRef", 289),
    ]),
    // 279: io.k8s.api.autoscaling.v2beta2.HorizontalPodAutoscalerBehavior
    Object(&[
        ("scaleDown", 280), ("scaleUp", 280),
    ]),
    // 280: io.k8s.api.autoscaling.v2beta2.HPAScalingRules
    Object(&[
        ("policies", 282), ("selectPolicy", 0), ("stabilizationWindowSeconds", 0),
    ]),
    // 281: io.k8s.api.autoscaling.v2beta2.HPAScalingPolicy
    Object(&[
        ("periodSeconds", 0), ("type", 0), ("value", 0),
    ]),
    // 282
    List(281),
    // 283: io.k8s.api.autoscaling.v2beta2.MetricSpec
    Object(&[
        ("containerResource", 284), ("external", 286), ("object", 288), ("pods", 290), ("resource", 291),
        ("type", 0),
    ]),
    // 284: io.k8s.api.autoscaling.v2beta2.ContainerResourceMetricSource
    Object(&[
        ("container", 0), ("name", 0), ("target", 285),
    ]),
    // 285: io.k8s.api.autoscaling.v2beta2.MetricTarget
    Object(&[
        ("averageUtilization", 0), ("averageValue", 0), ("type", 0), ("value", 0),
    ]),
    // 286: io.k8s.api.autoscaling.v2beta2.ExternalMetricSource
    Object(&[
        ("metric", 287), ("target", 285),
    ]),
    // 287: io.k8s.api.autoscaling.v2beta2.MetricIdentifier
    Object(&[
        ("name", 0), ("selector", 13),
    ]),
    // 288: io.k8s.api.autoscaling.v2beta2.ObjectMetricSource
    Object(&[
        ("describedObject", 289), ("metric", 287), ("target", 285),
    ]),
    // 289: io.k8s.api.autoscaling.v2beta2.CrossVersionObjectReference
    Object(&[
        ("apiVersion", 0), ("kind", 0), ("name", 0),
    ]),
    // 290: io.k8s.api.autoscaling.v2beta2.PodsMetricSource
    Object(&[
        ("metric", 287), ("target", 285),
    ]),
    // 291: io.k8s.api.autoscaling.v2beta2.ResourceMetricSource
    Object(&[
        ("name", 0), ("target", 285),
    ]),
    // 292
    List(283),
    // 293: io.k8s.api.autoscaling.v2beta2.HorizontalPodAutoscalerStatus
    Object(&[
        ("conditions", 295), ("currentMetrics", 303), ("currentReplicas", 0), ("desiredReplicas", 0),
        ("lastScaleTime", 0), ("observedGeneration", 0),
    ]),
    // 294: io.k8s.api.autoscaling.v2beta2.HorizontalPodAutoscalerCondition
    Object(&[
        ("lastTransitionTime", 0), ("message", 0), ("reason", 0), ("status", 0), ("type", 0),
    ]),
    // 295
    List(294),
    // 296: io.k8s.api.autoscaling.v2beta2.MetricStatus
    Object(&[
        ("containerResource", 297), ("external", 299), ("object", 300), ("pods", 301), ("resource", 302),
        ("type", 0),
    ]),
    // 297: io.k8s.api.autoscaling.v2beta2.ContainerResourceMetricStatus
    Object(&[
        ("container", 0), ("current", 298), ("name", 0),
    ]),
    // 298: io.k8s.api.autoscaling.v2beta2.MetricValueStatus
    Object(&[
        ("averageUtilization", 0), ("averageValue", 0), ("value", 0),
    ]),
    // 299: io.k8s.api.autoscaling.v2beta2.ExternalMetricStatus
    Object(&[
        ("current", 298), ("metric", 287),
    ]),
    // 300: io.k8s.api.autoscaling.v2beta2.ObjectMetricStatus
    Object(&[
        ("current", 298), ("describedObject", 289), ("metric", 287),
    ]),
    // 301: io.k8s.api.autoscaling.v2beta2.PodsMetricStatus
    Object(&[
        ("current", 298), ("metric", 287),
    ]),
    // 302: io.k8s.api.autoscaling.v2beta2.ResourceMetricStatus
    Object(&[
        ("current", 298), ("name", 0),
    ]),
    // 303
    List(296),
    // 304: io.k8s.api.autoscaling.v2beta2.HorizontalPodAutoscalerList
    Object(&[
        ("apiVersion", 0), ("items", 305), ("kind", 0), ("metadata", 21),
    ]),
    // 305
    List(277),
    // 306: io.k8s.api.batch.v1.CronJob
    Object(&[
        ("apiVersion", 0), ("kind", 0), ("metadata", 2), ("spec", 307), ("status", 310),
    ]),
    // 307: io.k8s.api.batch.v1.CronJobSpec
    Object(&[
        ("concurrencyPolicy", 0), ("failedJobsHistoryLimit", 0), ("jobTemplate", 308), ("schedule", 0),
        ("startingDeadlineSeconds", 0), ("successfulJobsHistoryLimit", 0), ("suspend", 0),
    ]),
    // 308: io.k8s.api.batch.v1.JobTemplateSpec
    Object(&[
        ("metadata", 2), ("spec", 309),
    ]),
    // 309: io.k8s.api.batch.v1.JobSpec
    Object(&[
        ("activeDeadlineSeconds", 0), ("backoffLimit", 0), ("completionMode", 0), ("completions", 0),
        ("manualSelector", 0), ("parallelism", 0), ("selector", 13), ("suspend", 0), ("template", 49),
        ("ttlSecondsAfterFinished", 0),
    ]),
    // 310: io.k8s.api.batch.v1.CronJobStatus
    Object(&[
        ("active", 312), ("lastScheduleTime", 0), ("lastSuccessfulTime", 0),
    ]),
    // 311: io.k8s.api.core.v1.ObjectReference
    Object(&[
        ("apiVersion", 0), ("fieldPath", 0), ("kind", 0), ("name", 0), ("namespace", 0),
        ("resourceVersion", 0), ("uid", 0),
    ]),
    // 312
    List(311),
    // 313: io.k8s.api.batch.v1.CronJobList
    Object(&[
        ("apiVersion", 0), ("items", 314), ("kind", 0), ("metadata", 21),
    ]),
    // 314
    List(306),
    // 315: io.k8s.api.batch.v1.Job
    Object(&[
        ("apiVersion", 0), ("kind", 0), ("metadata", 2), ("spec", 309), ("status", 316),
    ]),
    // 316: io.k8s.api.batch.v1.JobStatus
    Object(&[
        ("active", 0), ("completedIndexes", 0), ("completionTime", 0), ("conditions", 318), ("failed", 0),
        ("startTime", 0), ("succeeded", 0),
    ]),
    // 317: io.k8s.api.batch.v1.JobCondition
    Object(&[
        ("lastProbeTime", 0), ("lastTransitionTime", 0), ("message", 0), ("reason", 0), ("status", 0),
        ("type", 0),
    ]),
    // 318
    MergeList(317, &["type"]),
    // 319: io.k8s.api.batch.v1.JobList
    Object(&[
        ("apiVersion", 0), ("items", 320), ("kind", 0), ("metadata", 21),
    ]),
    // 320
    List(315),
    // 321: io.k8s.api.batch.v1beta1.CronJob
    Object(&[
        ("apiVersion", 0), ("kind", 0), ("metadata", 2), ("spec", 322), ("status", 324),
    ]),
    // 322: io.k8s.api.batch.v1beta1.CronJobSpec
    Object(&[
        ("concurrencyPolicy", 0), ("failedJobsHistoryLimit", 0), ("jobTemplate", 323), ("schedule", 0),
        ("startingDeadlineSeconds", 0), ("successfulJobsHistoryLimit", 0), ("suspend", 0),
    ]),
    // 323: io.k8s.api.batch.v1beta1.JobTemplateSpec
    Object(&[
        ("metadata", 2), ("spec", 309),
    ]),
    // 324: io.k8s.api.batch.v1beta1.CronJobStatus
    Object(&[
        ("active", 312), ("lastScheduleTime", 0), ("lastSuccessfulTime", 0),
    ]),
    // 325: io.k8s.api.batch.v1beta1.CronJobList
    Object(&[
        ("apiVersion", 0), ("items", 326), ("kind", 0), ("metadata", 21),
    ]),
    // 326
    List(321),
    // 327: io.k8s.api.certificates.v1.CertificateSigningRequest
    Object(&[
        ("apiVersion", 0), ("kind", 0), ("metadata", 2), ("spec", 328), ("status", 329),
    ]),
    // 328: io.k8s.api.certificates.v1.CertificateSigningRequestSpec
    Object(&[
        ("extra", 211), ("groups", 10), ("request", 0), ("signerName", 0), ("uid", 0), ("usages", 10),
        ("username", 0),
    ]),
    // 329: io.k8s.api.certificates.v1.CertificateSigningRequestStatus
    Object(&[
        ("certificate", 0), ("conditions", 331),
    ]),
    // 330: io.k8s.api.certificates.v1.CertificateSigningRequestCondition
    Object(&[
        ("lastTransitionTime", 0), ("lastUpdateTime", 0), ("message", 0), ("reason", 0), ("status", 0),
        ("type", 0),
    ]),
    // 331
    List(330),
    // 332: io.k8s.api.certificates.v1.CertificateSigningRequestList
    Object(&[
        ("apiVersion", 0), ("items", 333), ("kind", 0), ("metadata", 21),
    ]),
    // 333
    List(327),
    // 334: io.k8s.api.certificates.v1beta1.CertificateSigningRequest
    Object(&[
        ("apiVersion", 0), ("kind", 0), ("metadata", 2), ("spec", 335), ("status", 336),
    ]),
    // 335: io.k8s.api.certificates.v1beta1.CertificateSigningRequestSpec
    Object(&[
        ("extra", 211), ("groups", 10), ("request", 0), ("signerName", 0), ("uid", 0), ("usages", 10),
        ("username", 0),
    ]),
    // 336: io.k8s.api.certificates.v1beta1.CertificateSigningRequestStatus
    Object(&[
        ("certificate", 0), ("conditions", 338),
    ]),
    // 337: io.k8s.api.certificates.v1beta1.CertificateSigningRequestCondition
    Object(&[
        ("lastTransitionTime", 0), ("lastUpdateTime", 0), ("message", 0), ("reason", 0), ("status", 0),
        ("type", 0),
    ]),
    // 338
    List(337),
    // 339: io.k8s.api.certificates.v1beta1.CertificateSigningRequestList
    Object(&[
        ("apiVersion", 0), ("items", 340), ("kind", 0), ("metadata", 21),
    ]),
    // 340
    List(334),
    // 341: io.k8s.api.coordination.v1.Lease
    Object(&[
        ("apiVersion", 0), ("kind", 0), ("metadata", 2), ("spec", 342),
    ]),
    // 342: io.k8s.api.coordination.v1.LeaseSpec
    Object(&[
        ("acquireTime", 0), ("holderIdentity", 0), ("leaseDurationSeconds", 0), ("leaseTransitions", 0),
        ("renewTime", 0),
    ]),
    // 343: io.k8s.api.coordination.v1.LeaseList
    Object(&[
        ("apiVersion", 0), ("items", 344), ("kind", 0), ("metadata", 21),
    ]),
    // 344
    List(341),
    // 345: io.k8s.api.coordination.v1beta1.Lease
    Object(&[
        ("apiVersion", 0), ("kind", 0), ("metadata", 2), ("spec", 346),
    ]),
    // 346: io.k8s.api.coordination.v1beta1.LeaseSpec
    Object(&[
        ("acquireTime", 0), ("holderIdentity", 0), ("leaseDurationSeconds", 0), ("leaseTransitions", 0),
        ("renewTime", 0),
    ]),
    // 347: io.k8s.api.coordination.v1beta1.LeaseList
    Object(&[
        ("apiVersion", 0), ("items", 348), ("kind", 0), ("metadata", 21),
    ]),
    // 348
    List(345),
    // 349: io.k8s.api.core.v1.Binding
    Object(&[
        ("apiVersion", 0), ("kind", 0), ("metadata", 2), ("target", 311),
    ]),
    // 350: io.k8s.api.core.v1.ComponentStatus
    Object(&[
        ("apiVersion", 0), ("conditions", 352), ("kind", 0), ("metadata", 2),
    ]),
    // 351: io.k8s.api.core.v1.ComponentCondition
    Object(&[
        ("error", 0), ("message", 0), ("status", 0), ("type", 0),
    ]),
    // 352
    MergeList(351, &["type"]),
    // 353: io.k8s.api.core.v1.ComponentStatusList
    Object(&[
        ("apiVersion", 0), ("items", 354), ("kind", 0), ("metadata", 21),
    ]),
    // 354
    List(350),
    // 355: io.k8s.api.core.v1.ConfigMap
    Object(&[
        ("apiVersion", 0), ("binaryData", 3), ("data", 3), ("immutable", 0), ("kind", 0), ("metadata", 2),
    ]),
    // 356: io.k8s.api.core.v1.ConfigMapList
    Object(&[
        ("apiVersion", 0), ("items", 357), ("kind", 0), ("metadata", 21),
    ]),
    // 357
    List(355),
    // 358: io.k8s.api.core.v1.Endpoints
    Object(&[
        ("apiVersion", 0), ("kind", 0), ("metadata", 2), ("subsets", 364),
    ]),
    // 359: io.k8s.api.core.v1.EndpointSubset
    Object(&[
        ("addresses", 361), ("notReadyAddresses", 361), ("ports", 363),
    ]),
    // 360: io.k8s.api.core.v1.EndpointAddress
    Object(&[
        ("hostname", 0), ("ip", 0), ("nodeName", 0), ("targetRef", 311),
    ]),
    // 361
    List(360),
    // 362: io.k8s.api.core.v1.EndpointPort
    Object(&[
        ("appProtocol", 0), ("name", 0), ("port", 0), ("protocol", 0),
    ]),
    // 363
    List(362),
    // 364
    List(359),
    // 365: io.k8s.api.core.v1.EndpointsList
    Object(&[
        ("apiVersion", 0), ("items", 366), ("kind", 0), ("metadata", 21),
    ]),
    // 366
    List(358),
    // 367: io.k8s.api.core.v1.Event
    Object(&[
        ("action", 0), ("apiVersion", 0), ("count", 0), ("eventTime", 0), ("firstTimestamp", 0),
        ("involvedObject", 311), ("kind", 0), ("lastTimestamp", 0), ("message", 0), ("metadata", 2),
        ("reason", 0), ("related", 311), ("reportingComponent", 0), ("reportingInstance", 0),
        ("series", 368), ("source", 369), ("type", 0),
    ]),
    // 368: io.k8s.api.core.v1.EventSeries
    Object(&[
        ("count", 0), ("lastObservedTime", 0),
    ]),
    // 369: io.k8s.api.core.v1.EventSource
    Object(&[
        ("component", 0), ("host", 0),
    ]),
    // 370: io.k8s.api.core.v1.EventList
    Object(&[
        ("apiVersion", 0), ("items", 371), ("kind", 0), ("metadata", 21),
    ]),
    // 371
    List(367),
    // 372: io.k8s.api.core.v1.LimitRange
    Object(&[
        ("apiVersion", 0), ("kind", 0), ("metadata", 2), ("spec", 373),
    ]),
    // 373: io.k8s.api.core.v1.LimitRangeSpec
    Object(&[
        ("limits", 375),
    ]),
    // 374: io.k8s.api.core.v1.LimitRangeItem
    Object(&[
        ("default", 3), ("defaultRequest", 3), ("max", 3), ("maxLimitRequestRatio", 3), ("min", 3),
        ("type", 0),
    ]),
    // 375
    List(374),
    // 376: io.k8s.api.core.v1.LimitRangeList
    Object(&[
        ("apiVersion", 0), ("items", 377), ("kind", 0), ("metadata", 21),
    ]),
    // 377
    List(372),
    // 378: io.k8s.api.core.v1.Namespace
    Object(&[
        ("apiVersion", 0), ("kind", 0), ("metadata", 2), ("spec", 379), ("status", 380),
    ]),
    // 379: io.k8s.api.core.v1.NamespaceSpec
    Object(&[
        ("finalizers", 10),
    ]),
    // 380: io.k8s.api.core.v1.NamespaceStatus
    Object(&[
        ("conditions", 382), ("phase", 0),
    ]),
    // 381: io.k8s.api.core.v1.NamespaceCondition
    Object(&[
        ("lastTransitionTime", 0), ("message", 0), ("reason", 0), ("status", 0), ("type", 0),
    ]),
    // 382
    MergeList(381, &["type"]),
    // 383: io.k8s.api.core.v1.NamespaceList
    Object(&[
        ("apiVersion", 0), ("items", 384), ("kind", 0), ("metadata", 21),
    ]),
    // 384
    List(378),
    // 385: io.k8s.api.core.v1.Node
    Object(&[
        ("apiVersion", 0), ("kind", 0), ("metadata", 2), ("spec", 386), ("status", 391),
    ]),
    // 386: io.k8s.api.core.v1.NodeSpec
    Object(&[
        ("configSource", 387), ("externalID", 0), ("podCIDR", 0), ("podCIDRs", 4), ("providerID", 0),
        ("taints", 390), ("unschedulable", 0),
    ]),
    // 387: io.k8s.api.core.v1.NodeConfigSource
    Object(&[
        ("configMap", 388),
    ]),
    // 388: io.k8s.api.core.v1.ConfigMapNodeConfigSource
    Object(&[
        ("kubeletConfigKey", 0), ("name", 0), ("namespace", 0), ("resourceVersion", 0), ("uid", 0),
    ]),
    // 389: io.k8s.api.core.v1.Taint
    Object(&[
        ("effect", 0), ("key", 0), ("timeAdded", 0), ("value", 0),
    ]),
    // 390
    List(389),
    // 391: io.k8s.api.core.v1.NodeStatus
    Object(&[
        ("addresses", 393), ("allocatable", 3), ("capacity", 3), ("conditions", 395), ("config", 396),
        ("daemonEndpoints", 397), ("images", 400), ("nodeInfo", 401), ("phase", 0), ("volumesAttached", 403),
        ("volumesInUse", 10),
    ]),
    // 392: io.k8s.api.core.v1.NodeAddress
    Object(&[
        ("address", 0), ("type", 0),
    ]),
    // 393
    MergeList(392, &["type"]),
    // 394: io.k8s.api.core.v1.NodeCondition
    Object(&[
        ("lastHeartbeatTime", 0), ("lastTransitionTime", 0), ("message", 0), ("reason", 0), ("status", 0),
        ("type", 0),
    ]),
    // 395
    MergeList(394, &["type"]),
    // 396: io.k8s.api.core.v1.NodeConfigStatus
    Object(&[
        ("active", 387), ("assigned", 387), ("error", 0), ("lastKnownGood", 387),
    ]),
    // 397: io.k8s.api.core.v1.NodeDaemonEndpoints
    Object(&[
        ("kubeletEndpoint", 398),
    ]),
    // 398: io.k8s.api.core.v1.DaemonEndpoint
    Object(&[
        ("Port", 0),
    ]),
    // 399: io.k8s.api.core.v1.ContainerImage
    Object(&[
        ("names", 10), ("sizeBytes", 0),
    ]),
    // 400
    List(399),
    // 401: io.k8s.api.core.v1.NodeSystemInfo
    Object(&[
        ("architecture", 0), ("bootID", 0), ("containerRuntimeVersion", 0), ("kernelVersion", 0),
        ("kubeProxyVersion", 0), ("kubeletVersion", 0), ("machineID", 0), ("operatingSystem", 0),
        ("osImage", 0), ("systemUUID", 0),
    ]),
    // 402: io.k8s.api.core.v1.AttachedVolume
    Object(&[
        ("devicePath", 0), ("name", 0),
    ]),
    // 403
    List(402),
    // 404: io.k8s.api.core.v1.NodeList
    Object(&[
        ("apiVersion", 0), ("items", 405), ("kind", 0), ("metadata", 21),
    ]),
    // 405
    List(385),
    // 406: io.k8s.api.core.v1.PersistentVolume
    Object(&[
        ("apiVersion", 0), ("kind", 0), ("metadata", 2), ("spec", 407), ("status", 421),
    ]),
    // 407: io.k8s.api.core.v1.PersistentVolumeSpec
    Object(&[
        ("accessModes", 10), ("awsElasticBlockStore", 119), ("azureDisk", 120), ("azureFile", 408),
        ("capacity", 3), ("cephfs", 409), ("cinder", 411), ("claimRef", 311), ("csi", 412), ("fc", 136),
        ("flexVolume", 413), ("flocker", 138), ("gcePersistentDisk", 139), ("glusterfs", 414),
        ("hostPath", 142), ("iscsi", 415), ("local", 416), ("mountOptions", 10), ("nfs", 144),
        ("nodeAffinity", 417), ("persistentVolumeReclaimPolicy", 0), ("photonPersistentDisk", 146),
        ("portworxVolume", 147), ("quobyte", 155), ("rbd", 418), ("scaleIO", 419), ("storageClassName", 0),
        ("storageos", 420), ("volumeMode", 0), ("vsphereVolume", 160),
    ]),
    // 408: io.k8s.api.core.v1.AzureFilePersistentVolumeSource
    Object(&[
        ("readOnly", 0), ("secretName", 0), ("secretNamespace", 0), ("shareName", 0),
    ]),
    // 409: io.k8s.api.core.v1.CephFSPersistentVolumeSource
    Object(&[
        ("monitors", 10), ("path", 0), ("readOnly", 0), ("secretFile", 0), ("secretRef", 410), ("user", 0),
    ]),
    // 410: io.k8s.api.core.v1.SecretReference
    Object(&[
        ("name", 0), ("namespace", 0),
    ]),
    // 411: io.k8s.api.core.v1.CinderPersistentVolumeSource
    Object(&[
        ("fsType", 0), ("readOnly", 0), ("secretRef", 410), ("volumeID", 0),
    ]),
    // 412: io.k8s.api.core.v1.CSIPersistentVolumeSource
    Object(&[
        ("controllerExpandSecretRef", 410), ("controllerPublishSecretRef", 410), ("driver", 0),
        ("fsType", 0), ("nodePublishSecretRef", 410), ("nodeStageSecretRef", 410), ("readOnly", 0),
        ("volumeAttributes", 3), ("volumeHandle", 0),
    ]),
    // 413: io.k8s.api.core.v1.FlexPersistentVolumeSource
    Object(&[
        ("driver", 0), ("fsType", 0), ("options", 3), ("readOnly", 0), ("secretRef", 410),
    ]),
    // 414: io.k8s.api.core.v1.GlusterfsPersistentVolumeSource
    Object(&[
        ("endpoints", 0), ("endpointsNamespace", 0), ("path", 0), ("readOnly", 0),
    ]),
    // 415: io.k8s.api.core.v1.ISCSIPersistentVolumeSource
    Object(&[
        ("chapAuthDiscovery", 0), ("chapAuthSession", 0), ("fsType", 0), ("initiatorName", 0), ("iqn", 0),
        ("iscsiInterface", 0), ("lun", 0), ("portals", 10), ("readOnly", 0), ("secretRef", 410),
        ("targetPortal", 0),
    ]),
    // 416: io.k8s.api.core.v1.LocalVolumeSource
    Object(&[
        ("fsType", 0), ("path", 0),
    ]),
    // 417: io.k8s.api.core.v1.VolumeNodeAffinity
    Object(&[
        ("required", 58),
    ]),
    // 418: io.k8s.api.core.v1.RBDPersistentVolumeSource
    Object(&[
        ("fsType", 0), ("image", 0), ("keyring", 0), ("monitors", 10), ("pool", 0), ("readOnly", 0),
        ("secretRef", 410), ("user", 0),
    ]),
    // 419: io.k8s.api.core.v1.ScaleIOPersistentVolumeSource
    Object(&[
        ("fsType", 0), ("gateway", 0), ("protectionDomain", 0), ("readOnly", 0), ("secretRef", 410),
        ("sslEnabled", 0), ("storageMode", 0), ("storagePool", 0), ("system", 0), ("volumeName", 0),
    ]),
    // 420: io.k8s.api.core.v1.StorageOSPersistentVolumeSource
    Object(&[
        ("fsType", 0), ("readOnly", 0), ("secretRef", 311), ("volumeName", 0), ("volumeNamespace", 0),
    ]),
    // 421: io.k8s.api.core.v1.PersistentVolumeStatus
    Object(&[
        ("message", 0), ("phase", 0), ("reason", 0),
    ]),
    // 422: io.k8s.api.core.v1.PersistentVolumeClaimList
    Object(&[
        ("apiVersion", 0), ("items", 197), ("kind", 0), ("metadata", 21),
    ]),
    // 423: io.k8s.api.core.v1.PersistentVolumeList
    Object(&[
        ("apiVersion", 0), ("items", 424), ("kind", 0), ("metadata", 21),
    ]),
    // 424
    List(406),
    // 425: io.k8s.api.core.v1.Pod
    Object(&[
        ("apiVersion", 0), ("kind", 0), ("metadata", 2), ("spec", 50), ("status", 426),
    ]),
    // 426: io.k8s.api.core.v1.PodStatus
    Object(&[
        ("conditions", 428), ("containerStatuses", 434), ("ephemeralContainerStatuses", 434), ("hostIP", 0),
        ("initContainerStatuses", 434), ("message", 0), ("nominatedNodeName", 0), ("phase", 0), ("podIP", 0),
        ("podIPs", 436), ("qosClass", 0), ("reason", 0), ("startTime", 0),
    ]),
    // 427: io.k8s.api.core.v1.PodCondition
    Object(&[
        ("lastProbeTime", 0), ("lastTransitionTime", 0), ("message", 0), ("reason", 0), ("status", 0),
        ("type", 0),
    ]),
    // 428
    MergeList(427, &["type"]),
    // 429: io.k8s.api.core.v1.ContainerStatus
    Object(&[
        ("containerID", 0), ("image", 0), ("imageID", 0), ("lastState", 430), ("name", 0), ("ready", 0),
        ("restartCount", 0), ("started", 0), ("state", 430),
    ]),
    // 430: io.k8s.api.core.v1.ContainerState
    Object(&[
        ("running", 431), ("terminated", 432), ("waiting", 433),
    ]),
    // 431: io.k8s.api.core.v1.ContainerStateRunning
    Object(&[
        ("startedAt", 0),
    ]),
    // 432: io.k8s.api.core.v1.ContainerStateTerminated
    Object(&[
        ("containerID", 0), ("exitCode", 0), ("finishedAt", 0), ("message", 0), ("reason", 0), ("signal", 0),
        ("startedAt", 0),
    ]),
    // 433: io.k8s.api.core.v1.ContainerStateWaiting
    Object(&[
        ("message", 0), ("reason", 0),
    ]),
    // 434
    List(429),
    // 435: io.k8s.api.core.v1.PodIP
    Object(&[
        ("ip", 0),
    ]),
    // 436
    MergeList(435, &["ip"]),
    // 437: io.k8s.api.core.v1.PodList
    Object(&[
        ("apiVersion", 0), ("items", 438), ("kind", 0), ("metadata", 21),
    ]),
    // 438
    List(425),
    // 439: io.k8s.api.core.v1.PodTemplate
    Object(&[
        ("apiVersion", 0), ("kind", 0), ("metadata", 2), ("template", 49),
    ]),
    // 440: io.k8s.api.core.v1.PodTemplateList
    Object(&[
        ("apiVersion", 0), ("items", 441), ("kind", 0), ("metadata", 21),
    ]),
    // 441
    List(439),
    // 442: io.k8s.api.core.v1.ReplicationController
    Object(&[
        ("apiVersion", 0), ("kind", 0), ("metadata", 2), ("spec", 443), ("status", 444),
    ]),
    // 443: io.k8s.api.core.v1.ReplicationControllerSpec
    Object(&[
        ("minReadySeconds", 0), ("replicas", 0), ("selector", 3), ("template", 49),
    ]),
    // 444: io.k8s.api.core.v1.ReplicationControllerStatus
    Object(&[
        ("availableReplicas", 0), ("conditions", 446), ("fullyLabeledReplicas", 0),
        ("observedGeneration", 0), ("readyReplicas", 0), ("replicas", 0),
    ]),
    // 445: io.k8s.api.core.v1.ReplicationControllerCondition
    Object(&[
        ("lastTransitionTime", 0), ("message", 0), ("reason", 0), ("status", 0), ("type", 0),
    ]),
    // 446
    MergeList(445, &["type"]),
    // 447: io.k8s.api.core.v1.ReplicationControllerList
    Object(&[
        ("apiVersion", 0), ("items", 448), ("kind", 0), ("metadata", 21),
    ]),
    // 448
    List(442),
    // 449: io.k8s.api.core.v1.ResourceQuota
    Object(&[
        ("apiVersion", 0), ("kind", 0), ("metadata", 2), ("spec", 450), ("status", 454),
    ]),
    // 450: io.k8s.api.core.v1.ResourceQuotaSpec
    Object(&[
        ("hard", 3), ("scopeSelector", 451), ("scopes", 10),
    ]),
    // 451: io.k8s.api.core.v1.ScopeSelector
    Object(&[
        ("matchExpressions", 453),
    ]),
    // 452: io.k8s.api.core.v1.ScopedResourceSelectorRequirement
    Object(&[
        ("operator", 0), ("scopeName", 0), ("values", 10),
    ]),
    // 453
    List(452),
    // 454: io.k8s.api.core.v1.ResourceQuotaStatus
    Object(&[
        ("hard", 3), ("used", 3),
    ]),
    // 455: io.k8s.api.core.v1.ResourceQuotaList
    Object(&[
        ("apiVersion", 0), ("items", 456), ("kind", 0), ("metadata", 21),
    ]),
    // 456
    List(449),
    // 457: io.k8s.api.core.v1.Secret
    Object(&[
        ("apiVersion", 0), ("data", 3), ("immutable", 0), ("kind", 0), ("metadata", 2), ("stringData", 3),
        ("type", 0),
    ]),
    // 458: io.k8s.api.core.v1.SecretList
    Object(&[
        ("apiVersion", 0), ("items", 459), ("kind", 0), ("metadata", 21),
    ]),
    // 459
    List(457),
    // 460: io.k8s.api.core.v1.Service
    Object(&[
        ("apiVersion", 0), ("kind", 0), ("metadata", 2), ("spec", 461), ("status", 466),
    ]),
    // 461: io.k8s.api.core.v1.ServiceSpec
    Object(&[
        ("allocateLoadBalancerNodePorts", 0), ("clusterIP", 0), ("clusterIPs", 10), ("externalIPs", 10),
        ("externalName", 0), ("externalTrafficPolicy", 0), ("healthCheckNodePort", 0),
        ("internalTrafficPolicy", 0), ("ipFamilies", 10), ("ipFamilyPolicy", 0), ("loadBalancerClass", 0),
        ("loadBalancerIP", 0), ("loadBalancerSourceRanges", 10), ("ports", 463),
        ("publishNotReadyAddresses", 0), ("selector", 3), ("sessionAffinity", 0),
        ("sessionAffinityConfig", 464), ("topologyKeys", 10), ("type", 0),
    ]),
    // 462: io.k8s.api.core.v1.ServicePort
    Object(&[
        ("appProtocol", 0), ("name", 0), ("nodePort", 0), ("port", 0), ("protocol", 0), ("targetPort", 0),
    ]),
    // 463
    MergeList(462, &["port", "protocol"]),
    // 464: io.k8s.api.core.v1.SessionAffinityConfig
    Object(&[
        ("clientIP", 465),
    ]),
    // 465: io.k8s.api.core.v1.ClientIPConfig
    Object(&[
        ("timeoutSeconds", 0),
    ]),
    // 466: io.k8s.api.core.v1.ServiceStatus
    Object(&[
        ("conditions", 468), ("loadBalancer", 469),
    ]),
    // 467: io.k8s.apimachinery.pkg.apis.meta.v1.Condition
    Object(&[
        ("lastTransitionTime", 0), ("message", 0), ("observedGeneration", 0), ("reason", 0), ("status", 0),
        ("type", 0),
    ]),
    // 468
    MergeList(467, &["type"]),
    // 469: io.k8s.api.core.v1.LoadBalancerStatus
    Object(&[
        ("ingress", 473),
    ]),
    // 470: io.k8s.api.core.v1.LoadBalancerIngress
    Object(&[
        ("hostname", 0), ("ip", 0), ("ports", 472),
    ]),
    // 471: io.k8s.api.core.v1.PortStatus
    Object(&[
        ("error", 0), ("port", 0), ("protocol", 0),
    ]),
    // 472
    List(471),
    // 473
    List(470),
    // 474: io.k8s.api.core.v1.ServiceAccount
    Object(&[
        ("apiVersion", 0), ("automountServiceAccountToken", 0), ("imagePullSecrets", 475), ("kind", 0),
        ("metadata", 2), ("secrets", 476),
    ]),
    // 475
    List(107),
    // 476
    MergeList(311, &["name"]),
    // 477: io.k8s.api.core.v1.ServiceAccountList
    Object(&[
        ("apiVersion", 0), ("items", 478), ("kind", 0), ("metadata", 21),
    ]),
    // 478
    List(474),
    // 479: io.k8s.api.core.v1.ServiceList
    Object(&[
        ("apiVersion", 0), ("items", 480), ("kind", 0), ("metadata", 21),
    ]),
    // 480
    List(460),
    // 481: io.k8s.api.discovery.v1.EndpointSlice
    Object(&[
        ("addressType", 0), ("apiVersion", 0), ("endpoints", 487), ("kind", 0), ("metadata", 2),
        ("ports", 489),
    ]),
    // 482: io.k8s.api.discovery.v1.Endpoint
    Object(&[
        ("addresses", 10), ("conditions", 483), ("deprecatedTopology", 3), ("hints", 484), ("hostname", 0),
        ("nodeName", 0), ("targetRef", 311), ("zone", 0),
    ]),
    // 483: io.k8s.api.discovery.v1.EndpointConditions
    Object(&[
        ("ready", 0), ("serving", 0), ("terminating", 0),
    ]),
    // 484: io.k8s.api.discovery.v1.EndpointHints
    Object(&[
        ("forZones", 486),
    ]),
    // 485: io.k8s.api.discovery.v1.ForZone
    Object(&[
        ("name", 0),
    ]),
    // 486
    List(485),
    // 487
    List(482),
    // 488: io.k8s.api.discovery.v1.EndpointPort
    Object(&[
        ("appProtocol", 0), ("name", 0), ("port", 0), ("protocol", 0),
    ]),
    // 489
    List(488),
    // 490: io.k8s.api.discovery.v1.EndpointSliceList
    Object(&[
        ("apiVersion", 0), ("items", 491), ("kind", 0), ("metadata", 21),
    ]),
    // 491
    List(481),
    // 492: io.k8s.api.discovery.v1beta1.EndpointSlice
    Object(&[
        ("addressType", 0), ("apiVersion", 0), ("endpoints", 498), ("kind", 0), ("metadata", 2),
        ("ports", 500),
    ]),
    // 493: io.k8s.api.discovery.v1beta1.Endpoint
    Object(&[
        ("addresses", 10), ("conditions", 494), ("hints", 495), ("hostname", 0), ("nodeName", 0),
        ("targetRef", 311), ("topology", 3),
    ]),
    // 494: io.k8s.api.discovery.v1beta1.EndpointConditions
    Object(&[
        ("ready", 0), ("serving", 0), ("terminating", 0),
    ]),
    // 495: io.k8s.api.discovery.v1beta1.EndpointHints
    Object(&[
        ("forZones", 497),
    ]),
    // 496: io.k8s.api.discovery.v1beta1.ForZone
    Object(&[
        ("name", 0),
    ]),
    // 497
    List(496),
    // 498
    List(493),
    // 499: io.k8s.api.discovery.v1beta1.EndpointPort
    Object(&[
        ("appProtocol", 0), ("name", 0), ("port", 0), ("protocol", 0),
    ]),
    // 500
    List(499),
    // 501: io.k8s.api.discovery.v1beta1.EndpointSliceList
    Object(&[
        ("apiVersion", 0), ("items", 502), ("kind", 0), ("metadata", 21),
    ]),
    // 502
    List(492),
    // 503: io.k8s.api.events.v1.Event
    Object(&[
        ("action", 0), ("apiVersion", 0), ("deprecatedCount", 0), ("deprecatedFirstTimestamp", 0),
        ("deprecatedLastTimestamp", 0), ("deprecatedSource", 369), ("eventTime", 0), ("kind", 0),
        ("metadata", 2), ("note", 0), ("reason", 0), ("regarding", 311), ("related", 311),
        ("reportingController", 0), ("reportingInstance", 0), ("series", 504), ("type", 0),
    ]),
    // 504: io.k8s.api.events.v1.EventSeries
    Object(&[
        ("count", 0), ("lastObservedTime", 0),
    ]),
    // 505: io.k8s.api.events.v1.EventList
    Object(&[
        ("apiVersion", 0), ("items", 506), ("kind", 0), ("metadata", 21),
    ]),
    // 506
    List(503),
    // 507: io.k8s.api.events.v1beta1.Event
    Object(&[
        ("action", 0), ("apiVersion", 0), ("deprecatedCount", 0), ("deprecatedFirstTimestamp", 0),
        ("deprecatedLastTimestamp", 0), ("deprecatedSource", 369), ("eventTime", 0), ("kind", 0),
        ("metadata", 2), ("note", 0), ("reason", 0), ("regarding", 311), ("related", 311),
        ("reportingController", 0), ("reportingInstance", 0), ("series", 508), ("type", 0),
    ]),
    // 508: io.k8s.api.events.v1beta1.EventSeries
    Object(&[
        ("count", 0), ("lastObservedTime", 0),
    ]),
    // 509: io.k8s.api.events.v1beta1.EventList
    Object(&[
        ("apiVersion", 0), ("items", 510), ("kind", 0), ("metadata", 21),
    ]),
    // 510
    List(507),
    // 511: io.k8s.api.extensions.v1beta1.Ingress
    Object(&[
        ("apiVersion", 0), ("kind", 0), ("metadata", 2), ("spec", 512), ("status", 521),
    ]),
    // 512: io.k8s.api.extensions.v1beta1.IngressSpec
    Object(&[
        ("backend", 513), ("ingressClassName", 0), ("rules", 518), ("tls", 520),
    ]),
    // 513: io.k8s.api.extensions.v1beta1.IngressBackend
    Object(&[
        ("resource", 135), ("serviceName", 0), ("servicePort", 0),
    ]),
    // 514: io.k8s.api.extensions.v1beta1.IngressRule
    Object(&[
        ("host", 0), ("http", 515),
    ]),
    // 515: io.k8s.api.extensions.v1beta1.HTTPIngressRuleValue
    Object(&[
        ("paths", 517),
    ]),
    // 516: io.k8s.api.extensions.v1beta1.HTTPIngressPath
    Object(&[
        ("backend", 513), ("path", 0), ("pathType", 0),
    ]),
    // 517
    List(516),
    // 518
    List(514),
    // 519: io.k8s.api.extensions.v1beta1.IngressTLS
    Object(&[
        ("hosts", 10), ("secretName", 0),
    ]),
    // 520
    List(519),
    // 521: io.k8s.api.extensions.v1beta1.IngressStatus
    Object(&[
        ("loadBalancer", 469),
    ]),
    // 522: io.k8s.api.extensions.v1beta1.IngressList
    Object(&[
        ("apiVersion", 0), ("items", 523), ("kind", 0), ("metadata", 21),
    ]),
    // 523
    List(511),
    // 524: io.k8s.api.flowcontrol.v1beta1.FlowSchema
    Object(&[
        ("apiVersion", 0), ("kind", 0), ("metadata", 2), ("spec", 525), ("status", 539),
    ]),
    // 525: io.k8s.api.flowcontrol.v1beta1.FlowSchemaSpec
    Object(&[
        ("distinguisherMethod", 526), ("matchingPrecedence", 0), ("priorityLevelConfiguration", 527),
        ("rules", 538),
    ]),
    // 526: io.k8s.api.flowcontrol.v1beta1.FlowDistinguisherMethod
    Object(&[
        ("type", 0),
    ]),
    // 527: io.k8s.api.flowcontrol.v1beta1.PriorityLevelConfigurationReference
    Object(&[
        ("name", 0),
    ]),
    // 528: io.k8s.api.flowcontrol.v1beta1.PolicyRulesWithSubjects
    Object(&[
        ("nonResourceRules", 530), ("resourceRules", 532), ("subjects", 537),
    ]),
    // 529: io.k8s.api.flowcontrol.v1beta1.NonResourcePolicyRule
    Object(&[
        ("nonResourceURLs", 10), ("verbs", 10),
    ]),
    // 530
    List(529),
    // 531: io.k8s.api.flowcontrol.v1beta1.ResourcePolicyRule
    Object(&[
        ("apiGroups", 10), ("clusterScope", 0), ("namespaces", 10), ("resources", 10), ("verbs", 10),
    ]),
    // 532
    List(531),
    // 533: io.k8s.api.flowcontrol.v1beta1.Subject
    Object(&[
        ("group", 534), ("kind", 0), ("serviceAccount", 535), ("user", 536),
    ]),
    // 534: io.k8s.api.flowcontrol.v1beta1.GroupSubject
    Object(&[
        ("name", 0),
    ]),
    // 535: io.k8s.api.flowcontrol.v1beta1.ServiceAccountSubject
    Object(&[
        ("name", 0), ("namespace", 0),
    ]),
    // 536: io.k8s.api.flowcontrol.v1beta1.UserSubject
    Object(&[
        ("name", 0),
    ]),
    // 537
    List(533),
    // 538
    List(528),
    // 539: io.k8s.api.flowcontrol.v1beta1.FlowSchemaStatus
    Object(&[
        ("conditions", 541),
    ]),
    // 540: io.k8s.api.flowcontrol.v1beta1.FlowSchemaCondition
    Object(&[
        ("lastTransitionTime", 0), ("message", 0), ("reason", 0), ("status", 0), ("type", 0),
    ]),
    // 541
    List(540),
    // 542: io.k8s.api.flowcontrol.v1beta1.FlowSchemaList
    Object(&[
        ("apiVersion", 0), ("items", 543), ("kind", 0), ("metadata", 21),
    ]),
    // 543
    List(524),
    // 544: io.k8s.api.flowcontrol.v1beta1.PriorityLevelConfiguration
    Object(&[
        ("apiVersion", 0), ("kind", 0), ("metadata", 2), ("spec", 545), ("status", 549),
    ]),
    // 545: io.k8s.api.flowcontrol.v1beta1.PriorityLevelConfigurationSpec
    Object(&[
        ("limited", 546), ("type", 0),
    ]),
    // 546: io.k8s.api.flowcontrol.v1beta1.LimitedPriorityLevelConfiguration
    Object(&[
        ("assuredConcurrencyShares", 0), ("limitResponse", 547),
    ]),
    // 547: io.k8s.api.flowcontrol.v1beta1.LimitResponse
    Object(&[
        ("queuing", 548), ("type", 0),
    ]),
    // 548: io.k8s.api.flowcontrol.v1beta1.QueuingConfiguration
    Object(&[
        ("handSize", 0), ("queueLengthLimit", 0), ("queues", 0),
    ]),
    // 549: io.k8s.api.flowcontrol.v1beta1.PriorityLevelConfigurationStatus
    Object(&[
        ("conditions", 551),
    ]),
    // 550: io.k8s.api.flowcontrol.v1beta1.PriorityLevelConfigurationCondition
    Object(&[
        ("lastTransitionTime", 0), ("message", 0), ("reason", 0), ("status", 0), ("type", 0),
    ]),
    // 551
    List(550),
    // 552: io.k8s.api.flowcontrol.v1beta1.PriorityLevelConfigurationList
    Object(&[
        ("apiVersion", 0), ("items", 553), ("kind", 0), ("metadata", 21),
    ]),
    // 553
    List(544),
    // 554: io.k8s.api.networking.v1.Ingress
    Object(&[
        ("apiVersion", 0), ("kind", 0), ("metadata", 2), ("spec", 555), ("status", 566),
    ]),
    // 555: io.k8s.api.networking.v1.IngressSpec
    Object(&[
        ("defaultBackend", 556), ("ingressClassName", 0), ("rules", 563), ("tls", 565),
    ]),
    // 556: io.k8s.api.networking.v1.IngressBackend
    Object(&[
        ("resource", 135), ("service", 557),
    ]),
    // 557: io.k8s.api.networking.v1.IngressServiceBackend
    Object(&[
        ("name", 0), ("port", 558),
    ]),
    // 558: io.k8s.api.networking.v1.ServiceBackendPort
    Object(&[
        ("name", 0), ("number", 0),
    ]),
    // 559: io.k8s.api.networking.v1.IngressRule
    Object(&[
        ("host", 0), ("http", 560),
    ]),
    // 560: io.k8s.api.networking.v1.HTTPIngressRuleValue
    Object(&[
        ("paths", 562),
    ]),
    // 561: io.k8s.api.networking.v1.HTTPIngressPath
    Object(&[
        ("backend", 556), ("path", 0), ("pathType", 0),
    ]),
    // 562
    List(561),
    // 563
    List(559),
    // 564: io.k8s.api.networking.v1.IngressTLS
    Object(&[
        ("hosts", 10), ("secretName", 0),
    ]),
    // 565
    List(564),
    // 566: io.k8s.api.networking.v1.IngressStatus
    Object(&[
        ("loadBalancer", 469),
    ]),
    // 567: io.k8s.api.networking.v1.IngressClass
    Object(&[
        ("apiVersion", 0), ("kind", 0), ("metadata", 2), ("spec", 568),
    ]),
    // 568: io.k8s.api.networking.v1.IngressClassSpec
    Object(&[
        ("controller", 0), ("parameters", 569),
    ]),
    // 569: io.k8s.api.networking.v1.IngressClassParametersReference
    Object(&[
        ("apiGroup", 0), ("kind", 0), ("name", 0), ("namespace", 0), ("scope", 0),
    ]),
    // 570: io.k8s.api.networking.v1.IngressClassList
    Object(&[
        ("apiVersion", 0), ("items", 571), ("kind", 0), ("metadata", 21),
    ]),
    // 571
    List(567),
    // 572: io.k8s.api.networking.v1.IngressList
    Object(&[
        ("apiVersion", 0), ("items", 573), ("kind", 0), ("metadata", 21),
    ]),
    // 573
    List(554),
    // 574: io.k8s.api.networking.v1.NetworkPolicy
    Object(&[
        ("apiVersion", 0), ("kind", 0), ("metadata", 2), ("spec", 575),
    ]),
    // 575: io.k8s.api.networking.v1.NetworkPolicySpec
    Object(&[
        ("egress", 582), ("ingress", 584), ("podSelector", 13), ("policyTypes", 10),
    ]),
    // 576: io.k8s.api.networking.v1.NetworkPolicyEgressRule
    Object(&[
        ("ports", 578), ("to", 581),
    ]),
    // 577: io.k8s.api.networking.v1.NetworkPolicyPort
    Object(&[
        ("endPort", 0), ("port", 0), ("protocol", 0),
    ]),
    // 578
    List(577),
    // 579: io.k8s.api.networking.v1.NetworkPolicyPeer
    Object(&[
        ("ipBlock", 580), ("namespaceSelector", 13), ("podSelector", 13),
    ]),
    // 580: io.k8s.api.networking.v1.IPBlock
    Object(&[
        ("cidr", 0), ("except", 10),
    ]),
    // 581
    List(579),
    // 582
    List(576),
    // 583: io.k8s.api.networking.v1.NetworkPolicyIngressRule
    Object(&[
        ("from", 581), ("ports", 578),
    ]),
    // 584
    List(583),
    // 585: io.k8s.api.networking.v1.NetworkPolicyList
    Object(&[
        ("apiVersion", 0), ("items", 586), ("kind", 0), ("metadata", 21),
    ]),
    // 586
    List(574),
    // 587: io.k8s.api.networking.v1beta1.Ingress
    Object(&[
        ("apiVersion", 0), ("kind", 0), ("metadata", 2), ("spec", 588), ("status", 597),
    ]),
    // 588: io.k8s.api.networking.v1beta1.IngressSpec
    Object(&[
        ("backend", 589), ("ingressClassName", 0), ("rules", 594), ("tls", 596),
    ]),
    // 589: io.k8s.api.networking.v1beta1.IngressBackend
    Object(&[
        ("resource", 135), ("serviceName", 0), ("servicePort", 0),
    ]),
    // 590: io.k8s.api.networking.v1beta1.IngressRule
    Object(&[
        ("host", 0), ("http", 591),
    ]),
    // 591: io.k8s.api.networking.v1beta1.HTTPIngressRuleValue
    Object(&[
        ("paths", 593),
    ]),
    // 592: io.k8s.api.networking.v1beta1.HTTPIngressPath
    Object(&[
        ("backend", 589), ("path", 0), ("pathType", 0),
    ]),
    // 593
    List(592),
    // 594
    List(590),
    // 595: io.k8s.api.networking.v1beta1.IngressTLS
    Object(&[
        ("hosts", 10), ("secretName", 0),
    ]),
    // 596
    List(595),
    // 597: io.k8s.api.networking.v1beta1.IngressStatus
    Object(&[
        ("loadBalancer", 469),
    ]),
    // 598: io.k8s.api.networking.v1beta1.IngressClass
    Object(&[
        ("apiVersion", 0), ("kind", 0), ("metadata", 2), ("spec", 599),
    ]),
    // 599: io.k8s.api.networking.v1beta1.IngressClassSpec
    Object(&[
        ("controller", 0), ("parameters", 600),
    ]),
    // 600: io.k8s.api.networking.v1beta1.IngressClassParametersReference
    Object(&[
        ("apiGroup", 0), ("kind", 0), ("name", 0), ("namespace", 0), ("scope", 0),
    ]),
    // 601: io.k8s.api.networking.v1beta1.IngressClassList
    Object(&[
        ("apiVersion", 0), ("items", 602), ("kind", 0), ("metadata", 21),
    ]),
    // 602
    List(598),
    // 603: io.k8s.api.networking.v1beta1.IngressList
    Object(&[
        ("apiVersion", 0), ("items", 604), ("kind", 0), ("metadata", 21),
    ]),
    // 604
    List(587),
    // 605: io.k8s.api.node.v1.RuntimeClass
    Object(&[
        ("apiVersion", 0), ("handler", 0), ("kind", 0), ("metadata", 2), ("overhead", 606),
        ("scheduling", 607),
    ]),
    // 606: io.k8s.api.node.v1.Overhead
    Object(&[
        ("podFixed", 3),
    ]),
    // 607: io.k8s.api.node.v1.Scheduling
    Object(&[
        ("nodeSelector", 3), ("tolerations", 115),
    ]),
    // 608: io.k8s.api.node.v1.RuntimeClassList
    Object(&[
        ("apiVersion", 0), ("items", 609), ("kind", 0), ("metadata", 21),
    ]),
    // 609
    List(605),
    // 610: io.k8s.api.node.v1beta1.RuntimeClass
    Object(&[
        ("apiVersion", 0), ("handler", 0), ("kind", 0), ("metadata", 2), ("overhead", 611),
        ("scheduling", 612),
    ]),
    // 611: io.k8s.api.node.v1beta1.Overhead
    Object(&[
        ("podFixed", 3),
    ]),
    // 612: io.k8s.api.node.v1beta1.Scheduling
    Object(&[
        ("nodeSelector", 3), ("tolerations", 115),
    ]),
    // 613: io.k8s.api.node.v1beta1.RuntimeClassList
    Object(&[
        ("apiVersion", 0), ("items", 614), ("kind", 0), ("metadata", 21),
    ]),
    // 614
    List(610),
    // 615: io.k8s.api.policy.v1.PodDisruptionBudget
    Object(&[
        ("apiVersion", 0), ("kind", 0), ("metadata", 2), ("spec", 616), ("status", 617),
    ]),
    // 616: io.k8s.api.policy.v1.PodDisruptionBudgetSpec
    Object(&[
        ("maxUnavailable", 0), ("minAvailable", 0), ("selector", 13),
    ]),
    // 617: io.k8s.api.policy.v1.PodDisruptionBudgetStatus
    Object(&[
        ("conditions", 468), ("currentHealthy", 0), ("desiredHealthy", 0), ("disruptedPods", 3),
        ("disruptionsAllowed", 0), ("expectedPods", 0), ("observedGeneration", 0),
    ]),
    // 618: io.k8s.api.policy.v1.PodDisruptionBudgetList
    Object(&[
        ("apiVersion", 0), ("items", 619), ("kind", 0), ("metadata", 21),
    ]),
    // 619
    List(615),
    // 620: io.k8s.api.policy.v1beta1.Eviction
    Object(&[
        ("apiVersion", 0), ("deleteOptions", 621), ("kind", 0), ("metadata", 2),
    ]),
    // 621: io.k8s.apimachinery.pkg.apis.meta.v1.DeleteOptions
    Object(&[
        ("apiVersion", 0), ("dryRun", 10), ("gracePeriodSeconds", 0), ("kind", 0), ("orphanDependents", 0),
        ("preconditions", 622), ("propagationPolicy", 0),
    ]),
    // 622: io.k8s.apimachinery.pkg.apis.meta.v1.Preconditions
    Object(&[
        ("resourceVersion", 0), ("uid", 0),
    ]),
    // 623: io.k8s.api.policy.v1beta1.PodDisruptionBudget
    Object(&[
        ("apiVersion", 0), ("kind", 0), ("metadata", 2), ("spec", 624), ("status", 625),
    ]),
    // 624: io.k8s.api.policy.v1beta1.PodDisruptionBudgetSpec
    Object(&[
        ("maxUnavailable", 0), ("minAvailable", 0), ("selector", 13),
    ]),
    // 625: io.k8s.api.policy.v1beta1.PodDisruptionBudgetStatus
    Object(&[
        ("conditions", 468), ("currentHealthy", 0), ("desiredHealthy", 0), ("disruptedPods", 3),
        ("disruptionsAllowed", 0), ("expectedPods", 0), ("observedGeneration", 0),
    ]),
    // 626: io.k8s.api.policy.v1beta1.PodDisruptionBudgetList
    Object(&[
        ("apiVersion", 0), ("items", 627), ("kind", 0), ("metadata", 21),
    ]),
    // 627
    List(623),
    // 628: io.k8s.api.policy.v1beta1.PodSecurityPolicy
    Object(&[
        ("apiVersion", 0), ("kind", 0), ("metadata", 2), ("spec", 629),
    ]),
    // 629: io.k8s.api.policy.v1beta1.PodSecurityPolicySpec
    Object(&[
        ("allowPrivilegeEscalation", 0), ("allowedCSIDrivers", 631), ("allowedCapabilities", 10),
        ("allowedFlexVolumes", 633), ("allowedHostPaths", 635), ("allowedProcMountTypes", 10),
        ("allowedUnsafeSysctls", 10), ("defaultAddCapabilities", 10), ("defaultAllowPrivilegeEscalation", 0),
        ("forbiddenSysctls", 10), ("fsGroup", 636), ("hostIPC", 0), ("hostNetwork", 0), ("hostPID", 0),
        ("hostPorts", 640), ("privileged", 0), ("readOnlyRootFilesystem", 0),
        ("requiredDropCapabilities", 10), ("runAsGroup", 641), ("runAsUser", 642), ("runtimeClass", 643),
        ("seLinux", 644), ("supplementalGroups", 645), ("volumes", 10),
    ]),
    // 630: io.k8s.api.policy.v1beta1.AllowedCSIDriver
    Object(&[
        ("name", 0),
    ]),
    // 631
    List(630),
    // 632: io.k8s.api.policy.v1beta1.AllowedFlexVolume
    Object(&[
        ("driver", 0),
    ]),
    // 633
    List(632),
    // 634: io.k8s.api.policy.v1beta1.AllowedHostPath
    Object(&[
        ("pathPrefix", 0), ("readOnly", 0),
    ]),
    // 635
    List(634),
    // 636: io.k8s.api.policy.v1beta1.FSGroupStrategyOptions
    Object(&[
        ("ranges", 638), ("rule", 0),
    ]),
    // 637: io.k8s.api.policy.v1beta1.IDRange
    Object(&[
        ("max", 0), ("min", 0),
    ]),
    // 638
    List(637),
    // 639: io.k8s.api.policy.v1beta1.HostPortRange
    Object(&[
        ("max", 0), ("min", 0),
    ]),
    // 640
    List(639),
    // 641: io.k8s.api.policy.v1beta1.RunAsGroupStrategyOptions
    Object(&[
        ("ranges", 638), ("rule", 0),
    ]),
    // 642: io.k8s.api.policy.v1beta1.RunAsUserStrategyOptions
    Object(&[
        ("ranges", 638), ("rule", 0),
    ]),
    // 643: io.k8s.api.policy.v1beta1.RuntimeClassStrategyOptions
    Object(&[
        ("allowedRuntimeClassNames", 10), ("defaultRuntimeClassName", 0),
    ]),
    // 644: io.k8s.api.policy.v1beta1.SELinuxStrategyOptions
    Object(&[
        ("rule", 0), ("seLinuxOptions", 91),
    ]),
    // 645: io.k8s.api.policy.v1beta1.SupplementalGroupsStrategyOptions
    Object(&[
        ("ranges", 638), ("rule", 0),
    ]),
    // 646: io.k8s.api.policy.v1beta1.PodSecurityPolicyList
    Object(&[
        ("apiVersion", 0), ("items", 647), ("kind", 0), ("metadata", 21),
    ]),
    // 647
    List(628),
    // 648: io.k8s.api.rbac.v1.ClusterRole
    Object(&[
        ("aggregationRule", 649), ("apiVersion", 0), ("kind", 0), ("metadata", 2), ("rules", 652),
    ]),
    // 649: io.k8s.api.rbac.v1.AggregationRule
    Object(&[
        ("clusterRoleSelectors", 650),
    ]),
    // 650
    List(13),
    // 651: io.k8s.api.rbac.v1.PolicyRule
    Object(&[
        ("apiGroups", 10), ("nonResourceURLs", 10), ("resourceNames", 10), ("resources", 10), ("verbs", 10),
    ]),
    // 652
    List(651),
    // 653: io.k8s.api.rbac.v1.ClusterRoleBinding
    Object(&[
        ("apiVersion", 0), ("kind", 0), ("metadata", 2), ("roleRef", 654), ("subjects", 656),
    ]),
    // 654: io.k8s.api.rbac.v1.RoleRef
    Object(&[
        ("apiGroup", 0), ("kind", 0), ("name", 0),
    ]),
    // 655: io.k8s.api.rbac.v1.Subject
    Object(&[
        ("apiGroup", 0), ("kind", 0), ("name", 0), ("namespace", 0),
    ]),
    // 656
    List(655),
    // 657: io.k8s.api.rbac.v1.ClusterRoleBindingList
    Object(&[
        ("apiVersion", 0), ("items", 658), ("kind", 0), ("metadata", 21),
    ]),
    // 658
    List(653),
    // 659: io.k8s.api.rbac.v1.ClusterRoleList
    Object(&[
        ("apiVersion", 0), ("items", 660), ("kind", 0), ("metadata", 21),
    ]),
    // 660
    List(648),
    // 661: io.k8s.api.rbac.v1.Role
    Object(&[
        ("apiVersion", 0), ("kind", 0), ("metadata", 2), ("rules", 652),
    ]),
    // 662: io.k8s.api.rbac.v1.RoleBinding
    Object(&[
        ("apiVersion", 0), ("kind", 0), ("metadata", 2), ("roleRef", 654), ("subjects", 656),
    ]),
    // 663: io.k8s.api.rbac.v1.RoleBindingList
    Object(&[
        ("apiVersion", 0), ("items", 664), ("kind", 0), ("metadata", 21),
    ]),
    // 664
    List(662),
    // 665: io.k8s.api.rbac.v1.RoleList
    Object(&[
        ("apiVersion", 0), ("items", 666), ("kind", 0), ("metadata", 21),
    ]),
    // 666
    List(661),
    // 667: io.k8s.api.rbac.v1beta1.ClusterRole
    Object(&[
        ("aggregationRule", 668), ("apiVersion", 0), ("kind", 0), ("metadata", 2), ("rules", 670),
    ]),
    // 668: io.k8s.api.rbac.v1beta1.AggregationRule
    Object(&[
        ("clusterRoleSelectors", 650),
    ]),
    // 669: io.k8s.api.rbac.v1beta1.PolicyRule
    Object(&[
        ("apiGroups", 10), ("nonResourceURLs", 10), ("resourceNames", 10), ("resources", 10), ("verbs", 10),
    ]),
    // 670
    List(669),
    // 671: io.k8s.api.rbac.v1beta1.ClusterRoleBinding
    Object(&[
        ("apiVersion", 0), ("kind", 0), ("metadata", 2), ("roleRef", 672), ("subjects", 674),
    ]),
    // 672: io.k8s.api.rbac.v1beta1.RoleRef
    Object(&[
        ("apiGroup", 0), ("kind", 0), ("name", 0),
    ]),
    // 673: io.k8s.api.rbac.v1beta1.Subject
    Object(&[
        ("apiGroup", 0), ("kind", 0), ("name", 0), ("namespace", 0),
    ]),
    // 674
    List(673),
    // 675: io.k8s.api.rbac.v1beta1.ClusterRoleBindingList
    Object(&[
        ("apiVersion", 0), ("items", 676), ("kind", 0), ("metadata", 21),
    ]),
    // 676
    List(671),
    // 677: io.k8s.api.rbac.v1beta1.ClusterRoleList
    Object(&[
        ("apiVersion", 0), ("items", 678), ("kind", 0), ("metadata", 21),
    ]),
    // 678
    List(667),
    // 679: io.k8s.api.rbac.v1beta1.Role
    Object(&[
        ("apiVersion", 0), ("kind", 0), ("metadata", 2), ("rules", 670),
    ]),
    // 680: io.k8s.api.rbac.v1beta1.RoleBinding
    Object(&[
        ("apiVersion", 0), ("kind", 0), ("metadata", 2), ("roleRef", 672), ("subjects", 674),
    ]),
    // 681: io.k8s.api.rbac.v1beta1.RoleBindingList
    Object(&[
        ("apiVersion", 0), ("items", 682), ("kind", 0), ("metadata", 21),
    ]),
    // 682
    List(680),
    // 683: io.k8s.api.rbac.v1beta1.RoleList
    Object(&[
        ("apiVersion", 0), ("items", 684), ("kind", 0), ("metadata", 21),
    ]),
    // 684
    List(679),
    // 685: io.k8s.api.scheduling.v1.PriorityClass
    Object(&[
        ("apiVersion", 0), ("description", 0), ("globalDefault", 0), ("kind", 0), ("metadata", 2),
        ("preemptionPolicy", 0), ("value", 0),
    ]),
    // 686: io.k8s.api.scheduling.v1.PriorityClassList
    Object(&[
        ("apiVersion", 0), ("items", 687), ("kind", 0), ("metadata", 21),
    ]),
    // 687
    List(685),
    // 688: io.k8s.api.scheduling.v1beta1.PriorityClass
    Object(&[
        ("apiVersion", 0), ("description", 0), ("globalDefault", 0), ("kind", 0), ("metadata", 2),
        ("preemptionPolicy", 0), ("value", 0),
    ]),
    // 689: io.k8s.api.scheduling.v1beta1.PriorityClassList
    Object(&[
        ("apiVersion", 0), ("items", 690), ("kind", 0), ("metadata", 21),
    ]),
    // 690
    List(688),
    // 691: io.k8s.api.storage.v1.CSIDriver
    Object(&[
        ("apiVersion", 0), ("kind", 0), ("metadata", 2), ("spec", 692),
    ]),
    // 692: io.k8s.api.storage.v1.CSIDriverSpec
    Object(&[
        ("attachRequired", 0), ("fsGroupPolicy", 0), ("podInfoOnMount", 0), ("requiresRepublish", 0),
        ("storageCapacity", 0), ("tokenRequests", 694), ("volumeLifecycleModes", 10),
    ]),
    // 693: io.k8s.api.storage.v1.TokenRequest
    Object(&[
        ("audience", 0), ("expirationSeconds", 0),
    ]),
    // 694
    List(693),
    // 695: io.k8s.api.storage.v1.CSIDriverList
    Object(&[
        ("apiVersion", 0), ("items", 696), ("kind", 0), ("metadata", 21),
    ]),
    // 696
    List(691),
    // 697: io.k8s.api.storage.v1.CSINode
    Object(&[
        ("apiVersion", 0), ("kind", 0), ("metadata", 2), ("spec", 698),
    ]),
    // 698: io.k8s.api.storage.v1.CSINodeSpec
    Object(&[
        ("drivers", 701),
    ]),
    // 699: io.k8s.api.storage.v1.CSINodeDriver
    Object(&[
        ("allocatable", 700), ("name", 0), ("nodeID", 0), ("topologyKeys", 10),
    ]),
    // 700: io.k8s.api.storage.v1.VolumeNodeResources
    Object(&[
        ("count", 0),
    ]),
    // 701
    MergeList(699, &["name"]),
    // 702: io.k8s.api.storage.v1.CSINodeList
    Object(&[
        ("apiVersion", 0), ("items", 703), ("kind", 0), ("metadata", 21),
    ]),
    // 703
    List(697),
    // 704: io.k8s.api.storage.v1.StorageClass
    Object(&[
        ("allowVolumeExpansion", 0), ("allowedTopologies", 708), ("apiVersion", 0), ("kind", 0),
        ("metadata", 2), ("mountOptions", 10), ("parameters", 3), ("provisioner", 0), ("reclaimPolicy", 0),
        ("volumeBindingMode", 0),
    ]),
    // 705: io.k8s.api.core.v1.TopologySelectorTerm
    Object(&[
        ("matchLabelExpressions", 707),
    ]),
    // 706: io.k8s.api.core.v1.TopologySelectorLabelRequirement
    Object(&[
        ("key", 0), ("values", 10),
    ]),
    // 707
    List(706),
    // 708
    List(705),
    // 709: io.k8s.api.storage.v1.StorageClassList
    Object(&[
        ("apiVersion", 0), ("items", 710), ("kind", 0), ("metadata", 21),
    ]),
    // 710
    List(704),
    // 711: io.k8s.api.storage.v1.VolumeAttachment
    Object(&[
        ("apiVersion", 0), ("kind", 0), ("metadata", 2), ("spec", 712), ("status", 714),
    ]),
    // 712: io.k8s.api.storage.v1.VolumeAttachmentSpec
    Object(&[
        ("attacher", 0), ("nodeName", 0), ("source", 713),
    ]),
    // 713: io.k8s.api.storage.v1.VolumeAttachmentSource
    Object(&[
        ("inlineVolumeSpec", 407), ("persistentVolumeName", 0),
    ]),
    // 714: io.k8s.api.storage.v1.VolumeAttachmentStatus
    Object(&[
        ("attachError", 715), ("attached", 0), ("attachmentMetadata", 3), ("detachError", 715),
    ]),
    // 715: io.k8s.api.storage.v1.VolumeError
    Object(&[
        ("message", 0), ("time", 0),
    ]),
    // 716: io.k8s.api.storage.v1.VolumeAttachmentList
    Object(&[
        ("apiVersion", 0), ("items", 717), ("kind", 0), ("metadata", 21),
    ]),
    // 717
    List(711),
    // 718: io.k8s.api.storage.v1beta1.CSIDriver
    Object(&[
        ("apiVersion", 0), ("kind", 0), ("metadata", 2), ("spec", 719),
    ]),
    // 719: io.k8s.api.storage.v1beta1.CSIDriverSpec
    Object(&[
        ("attachRequired", 0), ("fsGroupPolicy", 0), ("podInfoOnMount", 0), ("requiresRepublish", 0),
        ("storageCapacity", 0), ("tokenRequests", 721), ("volumeLifecycleModes", 10),
    ]),
    // 720: io.k8s.api.storage.v1beta1.TokenRequest
    Object(&[
        ("audience", 0), ("expirationSeconds", 0),
    ]),
    // 721
    List(720),
    // 722: io.k8s.api.storage.v1beta1.CSIDriverList
    Object(&[
        ("apiVersion", 0), ("items", 723), ("kind", 0), ("metadata", 21),
    ]),
    // 723
    List(718),
    // 724: io.k8s.api.storage.v1beta1.CSINode
    Object(&[
        ("apiVersion", 0), ("kind", 0), ("metadata", 2), ("spec", 725),
    ]),
    // 725: io.k8s.api.storage.v1beta1.CSINodeSpec
    Object(&[
        ("drivers", 728),
    ]),
    // 726: io.k8s.api.storage.v1beta1.CSINodeDriver
    Object(&[
        ("allocatable", 727), ("name", 0), ("nodeID", 0), ("topologyKeys", 10),
    ]),
    // 727: io.k8s.api.storage.v1beta1.VolumeNodeResources
    Object(&[
        ("count", 0),
    ]),
    // 728
    MergeList(726, &["name"]),
    // 729: io.k8s.api.storage.v1beta1.CSINodeList
    Object(&[
        ("apiVersion", 0), ("items", 730), ("kind", 0), ("metadata", 21),
    ]),
    // 730
    List(724),
    // 731: io.k8s.api.storage.v1beta1.CSIStorageCapacity
    Object(&[
        ("apiVersion", 0), ("capacity", 0), ("kind", 0), ("maximumVolumeSize", 0), ("metadata", 2),
        ("nodeTopology", 13), ("storageClassName", 0),
    ]),
    // 732: io.k8s.api.storage.v1beta1.CSIStorageCapacityList
    Object(&[
        ("apiVersion", 0), ("items", 733), ("kind", 0), ("metadata", 21),
    ]),
    // 733
    List(731),
    // 734: io.k8s.api.storage.v1beta1.StorageClass
    Object(&[
        ("allowVolumeExpansion", 0), ("allowedTopologies", 708), ("apiVersion", 0), ("kind", 0),
        ("metadata", 2), ("mountOptions", 10), ("parameters", 3), ("provisioner", 0), ("reclaimPolicy", 0),
        ("volumeBindingMode", 0),
    ]),
    // 735: io.k8s.api.storage.v1beta1.StorageClassList
    Object(&[
        ("apiVersion", 0), ("items", 736), ("kind", 0), ("metadata", 21),
    ]),
    // 736
    List(734),
    // 737: io.k8s.api.storage.v1beta1.VolumeAttachment
    Object(&[
        ("apiVersion", 0), ("kind", 0), ("metadata", 2), ("spec", 738), ("status", 740),
    ]),
    // 738: io.k8s.api.storage.v1beta1.VolumeAttachmentSpec
    Object(&[
        ("attacher", 0), ("nodeName", 0), ("source", 739),
    ]),
    // 739: io.k8s.api.storage.v1beta1.VolumeAttachmentSource
    Object(&[
        ("inlineVolumeSpec", 407), ("persistentVolumeName", 0),
    ]),
    // 740: io.k8s.api.storage.v1beta1.VolumeAttachmentStatus
    Object(&[
        ("attachError", 741), ("attached", 0), ("attachmentMetadata", 3), ("detachError", 741),
    ]),
    // 741: io.k8s.api.storage.v1beta1.VolumeError
    Object(&[
        ("message", 0), ("time", 0),
    ]),
    // 742: io.k8s.api.storage.v1beta1.VolumeAttachmentList
    Object(&[
        ("apiVersion", 0), ("items", 743), ("kind", 0), ("metadata", 21),
    ]),
    // 743
    List(737),
    // 744: io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.CustomResourceDefinition
    Object(&[
        ("apiVersion", 0), ("kind", 0), ("metadata", 2), ("spec", 745), ("status", 762),
    ]),
    // 745: io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.CustomResourceDefinitionSpec
    Object(&[
        ("conversion", 746), ("group", 0), ("names", 750), ("preserveUnknownFields", 0), ("scope", 0),
        ("versions", 761),
    ]),
    // 746: io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.CustomResourceConversion
    Object(&[
        ("strategy", 0), ("webhook", 747),
    ]),
    // 747: io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.WebhookConversion
    Object(&[
        ("clientConfig", 748), ("conversionReviewVersions", 10),
    ]),
    // 748: io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.WebhookClientConfig
    Object(&[
        ("caBundle", 0), ("service", 749), ("url", 0),
    ]),
    // 749: io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.ServiceReference
    Object(&[
        ("name", 0), ("namespace", 0), ("path", 0), ("port", 0),
    ]),
    // 750: io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.CustomResourceDefinitionNames
    Object(&[
        ("categories", 10), ("kind", 0), ("listKind", 0), ("plural", 0), ("shortNames", 10), ("singular", 0),
    ]),
    // 751: io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.CustomResourceDefinitionVersion
    Object(&[
        ("additionalPrinterColumns", 753), ("deprecated", 0), ("deprecationWarning", 0), ("name", 0),
        ("schema", 754), ("served", 0), ("storage", 0), ("subresources", 759),
    ]),
    // 752: io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.CustomResourceColumnDefinition
    Object(&[
        ("description", 0), ("format", 0), ("jsonPath", 0), ("name", 0), ("priority", 0), ("type", 0),
    ]),
    // 753
    List(752),
    // 754: io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.CustomResourceValidation
    Object(&[
        ("openAPIV3Schema", 755),
    ]),
    // 755: io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.JSONSchemaProps
    Object(&[
        ("$ref", 0), ("$schema", 0), ("additionalItems", 0), ("additionalProperties", 0), ("allOf", 756),
        ("anyOf", 756), ("default", 0), ("definitions", 757), ("dependencies", 3), ("description", 0),
        ("enum", 10), ("example", 0), ("exclusiveMaximum", 0), ("exclusiveMinimum", 0),
        ("externalDocs", 758), ("format", 0), ("id", 0), ("items", 0), ("maxItems", 0), ("maxLength", 0),
        ("maxProperties", 0), ("maximum", 0), ("minItems", 0), ("minLength", 0), ("minProperties", 0),
        ("minimum", 0), ("multipleOf", 0), ("not", 755), ("nullable", 0), ("oneOf", 756), ("pattern", 0),
        ("patternProperties", 757), ("properties", 757), ("required", 10), ("title", 0), ("type", 0),
        ("uniqueItems", 0), ("x-kubernetes-embedded-resource", 0), ("x-kubernetes-int-or-string", 0),
        ("x-kubernetes-list-map-keys", 10), ("x-kubernetes-list-type", 0), ("x-kubernetes-map-type", 0),
        ("x-kubernetes-preserve-unknown-fields", 0),
    ]),
    // 756
    List(755),
    // 757
    Map(755),
    // 758: io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.ExternalDocumentation
    Object(&[
        ("description", 0), ("url", 0),
    ]),
    // 759: io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.CustomResourceSubresources
    Object(&[
        ("scale", 760), ("status", 0),
    ]),
    // 760: io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.CustomResourceSubresourceScale
    Object(&[
        ("labelSelectorPath", 0), ("specReplicasPath", 0), ("statusReplicasPath", 0),
    ]),
    // 761
    List(751),
    // 762: io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.CustomResourceDefinitionStatus
    Object(&[
        ("acceptedNames", 750), ("conditions", 764), ("storedVersions", 10),
    ]),
    // 763: io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.CustomResourceDefinitionCondition
    Object(&[
        ("lastTransitionTime", 0), ("message", 0), ("reason", 0), ("status", 0), ("type", 0),
    ]),
    // 764
    List(763),
    // 765: io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.CustomResourceDefinitionList
    Object(&[
        ("apiVersion", 0), ("items", 766), ("kind", 0), ("metadata", 21),
    ]),
    // 766
    List(744),
    // 767: io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1beta1.CustomResourceDefinition
    Object(&[
        ("apiVersion", 0), ("kind", 0), ("metadata", 2), ("spec", 768), ("status", 784),
    ]),
    // 768: io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1beta1.CustomResourceDefinitionSpec
    Object(&[
        ("additionalPrinterColumns", 770), ("conversion", 771), ("group", 0), ("names", 774),
        ("preserveUnknownFields", 0), ("scope", 0), ("subresources", 775), ("validation", 777),
        ("version", 0), ("versions", 783),
    ]),
    // 769: io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1beta1.CustomResourceColumnDefinition
    Object(&[
        ("JSONPath", 0), ("description", 0), ("format", 0), ("name", 0), ("priority", 0), ("type", 0),
    ]),
    // 770
    List(769),
    // 771: io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1beta1.CustomResourceConversion
    Object(&[
        ("conversionReviewVersions", 10), ("strategy", 0), ("webhookClientConfig", 772),
    ]),
    // 772: io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1beta1.WebhookClientConfig
    Object(&[
        ("caBundle", 0), ("service", 773), ("url", 0),
    ]),
    // 773: io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1beta1.ServiceReference
    Object(&[
        ("name", 0), ("namespace", 0), ("path", 0), ("port", 0),
    ]),
    // 774: io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1beta1.CustomResourceDefinitionNames
    Object(&[
        ("categories", 10), ("kind", 0), ("listKind", 0), ("plural", 0), ("shortNames", 10), ("singular", 0),
    ]),
    // 775: io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1beta1.CustomResourceSubresources
    Object(&[
        ("scale", 776), ("status", 0),
    ]),
    // 776: io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1beta1.CustomResourceSubresourceScale
    Object(&[
        ("labelSelectorPath", 0), ("specReplicasPath", 0), ("statusReplicasPath", 0),
    ]),
    // 777: io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1beta1.CustomResourceValidation
    Object(&[
        ("openAPIV3Schema", 778),
    ]),
    // 778: io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1beta1.JSONSchemaProps
    Object(&[
        ("$ref", 0), ("$schema", 0), ("additionalItems", 0), ("additionalProperties", 0), ("allOf", 779),
        ("anyOf", 779), ("default", 0), ("definitions", 780), ("dependencies", 3), ("description", 0),
        ("enum", 10), ("example", 0), ("exclusiveMaximum", 0), ("exclusiveMinimum", 0),
        ("externalDocs", 781), ("format", 0), ("id", 0), ("items", 0), ("maxItems", 0), ("maxLength", 0),
        ("maxProperties", 0), ("maximum", 0), ("minItems", 0), ("minLength", 0), ("minProperties", 0),
        ("minimum", 0), ("multipleOf", 0), ("not", 778), ("nullable", 0), ("oneOf", 779), ("pattern", 0),
        ("patternProperties", 780), ("properties", 780), ("required", 10), ("title", 0), ("type", 0),
        ("uniqueItems", 0), ("x-kubernetes-embedded-resource", 0), ("x-kubernetes-int-or-string", 0),
        ("x-kubernetes-list-map-keys", 10), ("x-kubernetes-list-type", 0), ("x-kubernetes-map-type", 0),
        ("x-kubernetes-preserve-unknown-fields", 0),
    ]),
    // 779
    List(778),
    // 780
    Map(778),
    // 781: io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1beta1.ExternalDocumentation
    Object(&[
        ("description", 0), ("url", 0),
    ]),
    // 782: io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1beta1.CustomResourceDefinitionVersion
    Object(&[
        ("additionalPrinterColumns", 770), ("deprecated", 0), ("deprecationWarning", 0), ("name", 0),
        ("schema", 777), ("served", 0), ("storage", 0), ("subresources", 775),
    ]),
    // 783
    List(782),
    // 784: io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1beta1.CustomResourceDefinitionStatus
    Object(&[
        ("acceptedNames", 774), ("conditions", 786), ("storedVersions", 10),
    ]),
    // 785: io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1beta1.CustomResourceDefinitionCondition
    Object(&[
        ("lastTransitionTime", 0), ("message", 0), ("reason", 0), ("status", 0), ("type", 0),
    ]),
    // 786
    List(785),
    // 787: io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1beta1.CustomResourceDefinitionList
    Object(&[
        ("apiVersion", 0), ("items", 788), ("kind", 0), ("metadata", 21),
    ]),
    // 788
    List(767),
    // 789: io.k8s.apimachinery.pkg.apis.meta.v1.APIGroup
    Object(&[
        ("apiVersion", 0), ("kind", 0), ("name", 0), ("preferredVersion", 790),
        ("serverAddressByClientCIDRs", 792), ("versions", 793),
    ]),
    // 790: io.k8s.apimachinery.pkg.apis.meta.v1.GroupVersionForDiscovery
    Object(&[
        ("groupVersion", 0), ("version", 0),
    ]),
    // 791: io.k8s.apimachinery.pkg.apis.meta.v1.ServerAddressByClientCIDR
    Object(&[
        ("clientCIDR", 0), ("serverAddress", 0),
    ]),
    // 792
    List(791),
    // 793
    List(790),
    // 794: io.k8s.apimachinery.pkg.apis.meta.v1.APIGroupList
    Object(&[
        ("apiVersion", 0), ("groups", 795), ("kind", 0),
    ]),
    // 795
    List(789),
    // 796: io.k8s.apimachinery.pkg.apis.meta.v1.APIResourceList
    Object(&[
        ("apiVersion", 0), ("groupVersion", 0), ("kind", 0), ("resources", 798),
    ]),
    // 797: io.k8s.apimachinery.pkg.apis.meta.v1.APIResource
    Object(&[
        ("categories", 10), ("group", 0), ("kind", 0), ("name", 0), ("namespaced", 0), ("shortNames", 10),
        ("singularName", 0), ("storageVersionHash", 0), ("verbs", 10), ("version", 0),
    ]),
    // 798
    List(797),
    // 799: io.k8s.apimachinery.pkg.apis.meta.v1.APIVersions
    Object(&[
        ("apiVersion", 0), ("kind", 0), ("serverAddressByClientCIDRs", 792), ("versions", 10),
    ]),
    // 800: io.k8s.apimachinery.pkg.apis.meta.v1.Status
    Object(&[
        ("apiVersion", 0), ("code", 0), ("details", 801), ("kind", 0), ("message", 0), ("metadata", 21),
        ("reason", 0), ("status", 0),
    ]),
    // 801: io.k8s.apimachinery.pkg.apis.meta.v1.StatusDetails
    Object(&[
        ("causes", 803), ("group", 0), ("kind", 0), ("name", 0), ("retryAfterSeconds", 0), ("uid", 0),
    ]),
    // 802: io.k8s.apimachinery.pkg.apis.meta.v1.StatusCause
    Object(&[
        ("field", 0), ("message", 0), ("reason", 0),
    ]),
    // 803
    List(802),
    // 804: io.k8s.apimachinery.pkg.apis.meta.v1.WatchEvent
    Object(&[
        ("object", 0), ("type", 0),
    ]),
    // 805: io.k8s.kube-aggregator.pkg.apis.apiregistration.v1.APIService
    Object(&[
        ("apiVersion", 0), ("kind", 0), ("metadata", 2), ("spec", 806), ("status", 808),
    ]),
    // 806: io.k8s.kube-aggregator.pkg.apis.apiregistration.v1.APIServiceSpec
    Object(&[
        ("caBundle", 0), ("group", 0), ("groupPriorityMinimum", 0), ("insecureSkipTLSVerify", 0),
        ("service", 807), ("version", 0), ("versionPriority", 0),
    ]),
    // 807: io.k8s.kube-aggregator.pkg.apis.apiregistration.v1.ServiceReference
    Object(&[
        ("name", 0), ("namespace", 0), ("port", 0),
    ]),
    // 808: io.k8s.kube-aggregator.pkg.apis.apiregistration.v1.APIServiceStatus
    Object(&[
        ("conditions", 810),
    ]),
    // 809: io.k8s.kube-aggregator.pkg.apis.apiregistration.v1.APIServiceCondition
    Object(&[
        ("lastTransitionTime", 0), ("message", 0), ("reason", 0), ("status", 0), ("type", 0),
    ]),
    // 810
    MergeList(809, &["type"]),
    // 811: io.k8s.kube-aggregator.pkg.apis.apiregistration.v1.APIServiceList
    Object(&[
        ("apiVersion", 0), ("items", 812), ("kind", 0), ("metadata", 21),
    ]),
    // 812
    List(805),
    // 813: io.k8s.kube-aggregator.pkg.apis.apiregistration.v1beta1.APIService
    Object(&[
        ("apiVersion", 0), ("kind", 0), ("metadata", 2), ("spec", 814), ("status", 816),
    ]),
    // 814: io.k8s.kube-aggregator.pkg.apis.apiregistration.v1beta1.APIServiceSpec
    Object(&[
        ("caBundle", 0), ("group", 0), ("groupPriorityMinimum", 0), ("insecureSkipTLSVerify", 0),
        ("service", 815), ("version", 0), ("versionPriority", 0),
    ]),
    // 815: io.k8s.kube-aggregator.pkg.apis.apiregistration.v1beta1.ServiceReference
    Object(&[
        ("name", 0), ("namespace", 0), ("port", 0),
    ]),
    // 816: io.k8s.kube-aggregator.pkg.apis.apiregistration.v1beta1.APIServiceStatus
    Object(&[
        ("conditions", 818),
    ]),
    // 817: io.k8s.kube-aggregator.pkg.apis.apiregistration.v1beta1.APIServiceCondition
    Object(&[
        ("lastTransitionTime", 0), ("message", 0), ("reason", 0), ("status", 0), ("type", 0),
    ]),
    // 818
    MergeList(817, &["type"]),
    // 819: io.k8s.kube-aggregator.pkg.apis.apiregistration.v1beta1.APIServiceList
    Object(&[
        ("apiVersion", 0), ("items", 820), ("kind", 0), ("metadata", 21),
    ]),
    // 820
    List(813),
];

/// The type of each kind, sorted.
#[rustfmt::skip]
pub(super) static KINDS: &[(&str, &str, u16)] = &[
    ("admission.k8s.io/v1", "DeleteOptions", 621),
    ("admission.k8s.io/v1", "WatchEvent", 804),
    ("admission.k8s.io/v1beta1", "DeleteOptions", 621),
    ("admission.k8s.io/v1beta1", "WatchEvent", 804),
    ("admissionregistration.k8s.io/v1", "DeleteOptions", 621),
    ("admissionregistration.k8s.io/v1", "MutatingWebhookConfiguration", 1),
    ("admissionregistration.k8s.io/v1", "MutatingWebhookConfigurationList", 19),
    ("admissionregistration.k8s.io/v1", "ValidatingWebhookConfiguration", 22),
    ("admissionregistration.k8s.io/v1", "ValidatingWebhookConfigurationList", 25),
    ("admissionregistration.k8s.io/v1", "WatchEvent", 804),
    ("admissionregistration.k8s.io/v1beta1", "DeleteOptions", 621),
    ("admissionregistration.k8s.io/v1beta1", "MutatingWebhookConfiguration", 27),
    ("admissionregistration.k8s.io/v1beta1", "MutatingWebhookConfigurationList", 34),
    ("admissionregistration.k8s.io/v1beta1", "ValidatingWebhookConfiguration", 36),
    ("admissionregistration.k8s.io/v1beta1", "ValidatingWebhookConfigurationList", 39),
    ("admissionregistration.k8s.io/v1beta1", "WatchEvent", 804),
    ("apiextensions.k8s.io/v1", "CustomResourceDefinition", 744),
    ("apiextensions.k8s.io/v1", "CustomResourceDefinitionList", 765),
    ("apiextensions.k8s.io/v1", "DeleteOptions", 621),
    ("apiextensions.k8s.io/v1", "WatchEvent", 804),
    ("apiextensions.k8s.io/v1beta1", "CustomResourceDefinition", 767),
    ("apiextensions.k8s.io/v1beta1", "CustomResourceDefinitionList", 787),
    ("apiextensions.k8s.io/v1beta1", "DeleteOptions", 621),
    ("apiextensions.k8s.io/v1beta1", "WatchEvent", 804),
    ("apiregistration.k8s.io/v1", "APIService", 805),
    ("apiregistration.k8s.io/v1", "APIServiceList", 811),
    ("apiregistration.k8s.io/v1", "DeleteOptions", 621),
    ("apiregistration.k8s.io/v1", "WatchEvent", 804),
    ("apiregistration.k8s.io/v1beta1", "APIService", 813),
    ("apiregistration.k8s.io/v1beta1", "APIServiceList", 819),
    ("apiregistration.k8s.io/v1beta1", "DeleteOptions", 621),
    ("apiregistration.k8s.io/v1beta1", "WatchEvent", 804),
    ("apps/v1", "ControllerRevision", 44),
    ("apps/v1", "ControllerRevisionList", 45),
    ("apps/v1", "DaemonSet", 47),
    ("apps/v1", "DaemonSetList", 167),
    ("apps/v1", "DeleteOptions", 621),
    ("apps/v1", "Deployment", 169),
    ("apps/v1", "DeploymentList", 176),
    ("apps/v1", "ReplicaSet", 182),
    ("apps/v1", "ReplicaSetList", 187),
    ("apps/v1", "StatefulSet", 189),
    ("apps/v1", "StatefulSetList", 201),
    ("apps/v1", "WatchEvent", 804),
    ("apps/v1beta1", "DeleteOptions", 621),
    ("apps/v1beta1", "WatchEvent", 804),
    ("apps/v1beta2", "DeleteOptions", 621),
    ("apps/v1beta2", "WatchEvent", 804),
    ("authentication.k8s.io/v1", "DeleteOptions", 621),
    ("authentication.k8s.io/v1", "TokenRequest", 203),
    ("authentication.k8s.io/v1", "TokenReview", 207),
    ("authentication.k8s.io/v1", "WatchEvent", 804),
    ("authentication.k8s.io/v1beta1", "DeleteOptions", 621),
    ("authentication.k8s.io/v1beta1", "TokenReview", 212),
    ("authentication.k8s.io/v1beta1", "WatchEvent", 804),
    ("authorization.k8s.io/v1", "DeleteOptions", 621),
    ("authorization.k8s.io/v1", "LocalSubjectAccessReview", 216),
    ("authorization.k8s.io/v1", "SelfSubjectAccessReview", 221),
    ("authorization.k8s.io/v1", "SelfSubjectRulesReview", 223),
    ("authorization.k8s.io/v1", "SubjectAccessReview", 230),
    ("authorization.k8s.io/v1", "WatchEvent", 804),
    ("authorization.k8s.io/v1beta1", "DeleteOptions", 621),
    ("authorization.k8s.io/v1beta1", "LocalSubjectAccessReview", 231),
    ("authorization.k8s.io/v1beta1", "SelfSubjectAccessReview", 236),
    ("authorization.k8s.io/v1beta1", "SelfSubjectRulesReview", 238),
    ("authorization.k8s.io/v1beta1", "SubjectAccessReview", 245),
    ("authorization.k8s.io/v1beta1", "WatchEvent", 804),
    ("autoscaling/v1", "DeleteOptions", 621),
    ("autoscaling/v1", "HorizontalPodAutoscaler", 246),
    ("autoscaling/v1", "HorizontalPodAutoscalerList", 250),
    ("autoscaling/v1", "Scale", 252),
    ("autoscaling/v1", "WatchEvent", 804),
    ("autoscaling/v2beta1", "DeleteOptions", 621),
    ("autoscaling/v2beta1", "HorizontalPodAutoscaler", 255),
    ("autoscaling/v2beta1", "HorizontalPodAutoscalerList", 275),
    ("autoscaling/v2beta1", "WatchEvent", 804),
    ("autoscaling/v2beta2", "DeleteOptions", 621),
    ("autoscaling/v2beta2", "HorizontalPodAutoscaler", 277),
    ("autoscaling/v2beta2", "HorizontalPodAutoscalerList", 304),
    ("autoscaling/v2beta2", "WatchEvent", 804),
    ("batch/v1", "CronJob", 306),
    ("batch/v1", "CronJobList", 313),
    ("batch/v1", "DeleteOptions", 621),
    ("batch/v1", "Job", 315),
    ("batch/v1", "JobList", 319),
    ("batch/v1", "WatchEvent", 804),
    ("batch/v1beta1", "CronJob", 321),
    ("batch/v1beta1", "CronJobList", 325),
    ("batch/v1beta1", "DeleteOptions", 621),
    ("batch/v1beta1", "WatchEvent", 804),
    ("certificates.k8s.io/v1", "CertificateSigningRequest", 327),
    ("certificates.k8s.io/v1", "CertificateSigningRequestList", 332),
    ("certificates.k8s.io/v1", "DeleteOptions", 621),
    ("certificates.k8s.io/v1", "WatchEvent", 804),
    ("certificates.k8s.io/v1beta1", "CertificateSigningRequest", 334),
    ("certificates.k8s.io/v1beta1", "CertificateSigningRequestList", 339),
    ("certificates.k8s.io/v1beta1", "DeleteOptions", 621),
    ("certificates.k8s.io/v1beta1", "WatchEvent", 804),
    ("coordination.k8s.io/v1", "DeleteOptions", 621),
    ("coordination.k8s.io/v1", "Lease", 341),
    ("coordination.k8s.io/v1", "LeaseList", 343),
    ("coordination.k8s.io/v1", "WatchEvent", 804),
    ("coordination.k8s.io/v1beta1", "DeleteOptions", 621),
    ("coordination.k8s.io/v1beta1", "Lease", 345),
    ("coordination.k8s.io/v1beta1", "LeaseList", 347),
    ("coordination.k8s.io/v1beta1", "WatchEvent", 804),
    ("discovery.k8s.io/v1", "DeleteOptions", 621),
    ("discovery.k8s.io/v1", "EndpointSlice", 481),
    ("discovery.k8s.io/v1", "EndpointSliceList", 490),
    ("discovery.k8s.io/v1", "WatchEvent", 804),
    ("discovery.k8s.io/v1beta1", "DeleteOptions", 621),
    ("discovery.k8s.io/v1beta1", "EndpointSlice", 492),
    ("discovery.k8s.io/v1beta1", "EndpointSliceList", 501),
    ("discovery.k8s.io/v1beta1", "WatchEvent", 804),
    ("events.k8s.io/v1", "DeleteOptions", 621),
    ("events.k8s.io/v1", "Event", 503),
    ("events.k8s.io/v1", "EventList", 505),
    ("events.k8s.io/v1", "WatchEvent", 804),
    ("events.k8s.io/v1beta1", "DeleteOptions", 621),
    ("events.k8s.io/v1beta1", "Event", 507),
    ("events.k8s.io/v1beta1", "EventList", 509),
    ("events.k8s.io/v1beta1", "WatchEvent", 804),
    ("extensions/v1beta1", "DeleteOptions", 621),
    ("extensions/v1beta1", "Ingress", 511),
    ("extensions/v1beta1", "IngressList", 522),
    ("extensions/v1beta1", "WatchEvent", 804),
    ("flowcontrol.apiserver.k8s.io/v1alpha1", "DeleteOptions", 621),
    ("flowcontrol.apiserver.k8s.io/v1alpha1", "WatchEvent", 804),
    ("flowcontrol.apiserver.k8s.io/v1beta1", "DeleteOptions", 621),
    ("flowcontrol.apiserver.k8s.io/v1beta1", "FlowSchema", 524),
    ("flowcontrol.apiserver.k8s.io/v1beta1", "FlowSchemaList", 542),
    ("flowcontrol.apiserver.k8s.io/v1beta1", "PriorityLevelConfiguration", 544),
    ("flowcontrol.apiserver.k8s.io/v1beta1", "PriorityLevelConfigurationList", 552),
    ("flowcontrol.apiserver.k8s.io/v1beta1", "WatchEvent", 804),
    ("imagepolicy.k8s.io/v1alpha1", "DeleteOptions", 621),
    ("imagepolicy.k8s.io/v1alpha1", "WatchEvent", 804),
    ("internal.apiserver.k8s.io/v1alpha1", "DeleteOptions", 621),
    ("internal.apiserver.k8s.io/v1alpha1", "WatchEvent", 804),
    ("kustomize.config.k8s.io/v1beta1", "ConfigMapArgs", 41),
    ("kustomize.config.k8s.io/v1beta1", "GeneratorArgs", 42),
    ("kustomize.config.k8s.io/v1beta1", "Kustomization", 178),
    ("kustomize.config.k8s.io/v1beta1", "KvPairSources", 43),
    ("kustomize.config.k8s.io/v1beta1", "SecretArgs", 180),
    ("networking.k8s.io/v1", "DeleteOptions", 621),
    ("networking.k8s.io/v1", "Ingress", 554),
    ("networking.k8s.io/v1", "IngressClass", 567),
    ("networking.k8s.io/v1", "IngressClassList", 570),
    ("networking.k8s.io/v1", "IngressList", 572),
    ("networking.k8s.io/v1", "NetworkPolicy", 574),
    ("networking.k8s.io/v1", "NetworkPolicyList", 585),
    ("networking.k8s.io/v1", "WatchEvent", 804),
    ("networking.k8s.io/v1beta1", "DeleteOptions", 621),
    ("networking.k8s.io/v1beta1", "Ingress", 587),
    ("networking.k8s.io/v1beta1", "IngressClass", 598),
    ("networking.k8s.io/v1beta1", "IngressClassList", 601),
    ("networking.k8s.io/v1beta1", "IngressList", 603),
    ("networking.k8s.io/v1beta1", "WatchEvent", 804),
    ("node.k8s.io/v1", "DeleteOptions", 621),
    ("node.k8s.io/v1", "RuntimeClass", 605),
    ("node.k8s.io/v1", "RuntimeClassList", 608),
    ("node.k8s.io/v1", "WatchEvent", 804),
    ("node.k8s.io/v1alpha1", "DeleteOptions", 621),
    ("node.k8s.io/v1alpha1", "WatchEvent", 804),
    ("node.k8s.io/v1beta1", "DeleteOptions", 621),
    ("node.k8s.io/v1beta1", "RuntimeClass", 610),
    ("node.k8s.io/v1beta1", "RuntimeClassList", 613),
    ("node.k8s.io/v1beta1", "WatchEvent", 804),
    ("policy/v1", "DeleteOptions", 621),
    ("policy/v1", "PodDisruptionBudget", 615),
    ("policy/v1", "PodDisruptionBudgetList", 618),
    ("policy/v1", "WatchEvent", 804),
    ("policy/v1beta1", "DeleteOptions", 621),
    ("policy/v1beta1", "Eviction", 620),
    ("policy/v1beta1", "PodDisruptionBudget", 623),
    ("policy/v1beta1", "PodDisruptionBudgetList", 626),
    ("policy/v1beta1", "PodSecurityPolicy", 628),
    ("policy/v1beta1", "PodSecurityPolicyList", 646),
    ("policy/v1beta1", "WatchEvent", 804),
    ("rbac.authorization.k8s.io/v1", "ClusterRole", 648),
    ("rbac.authorization.k8s.io/v1", "ClusterRoleBinding", 653),
    ("rbac.authorization.k8s.io/v1", "ClusterRoleBindingList", 657),
    ("rbac.authorization.k8s.io/v1", "ClusterRoleList", 659),
    ("rbac.authorization.k8s.io/v1", "DeleteOptions", 621),
    ("rbac.authorization.k8s.io/v1", "Role", 661),
    ("rbac.authorization.k8s.io/v1", "RoleBinding", 662),
    ("rbac.authorization.k8s.io/v1", "RoleBindingList", 663),
    ("rbac.authorization.k8s.io/v1", "RoleList", 665),
    ("rbac.authorization.k8s.io/v1", "WatchEvent", 804),
    ("rbac.authorization.k8s.io/v1alpha1", "DeleteOptions", 621),
    ("rbac.authorization.k8s.io/v1alpha1", "WatchEvent", 804),
    ("rbac.authorization.k8s.io/v1beta1", "ClusterRole", 667),
    ("rbac.authorization.k8s.io/v1beta1", "ClusterRoleBinding", 671),
    ("rbac.authorization.k8s.io/v1beta1", "ClusterRoleBindingList", 675),
    ("rbac.authorization.k8s.io/v1beta1", "ClusterRoleList", 677),
    ("rbac.authorization.k8s.io/v1beta1", "DeleteOptions", 621),
    ("rbac.authorization.k8s.io/v1beta1", "Role", 679),
    ("rbac.authorization.k8s.io/v1beta1", "RoleBinding", 680),
    ("rbac.authorization.k8s.io/v1beta1", "RoleBindingList", 681),
    ("rbac.authorization.k8s.io/v1beta1", "RoleList", 683),
    ("rbac.authorization.k8s.io/v1beta1", "WatchEvent", 804),
    ("scheduling.k8s.io/v1", "DeleteOptions", 621),
    ("scheduling.k8s.io/v1", "PriorityClass", 685),
    ("scheduling.k8s.io/v1", "PriorityClassList", 686),
    ("scheduling.k8s.io/v1", "WatchEvent", 804),
    ("scheduling.k8s.io/v1alpha1", "DeleteOptions", 621),
    ("scheduling.k8s.io/v1alpha1", "WatchEvent", 804),
    ("scheduling.k8s.io/v1beta1", "DeleteOptions", 621),
    ("scheduling.k8s.io/v1beta1", "PriorityClass", 688),
    ("scheduling.k8s.io/v1beta1", "PriorityClassList", 689),
    ("scheduling.k8s.io/v1beta1", "WatchEvent", 804),
    ("storage.k8s.io/v1", "CSIDriver", 691),
    ("storage.k8s.io/v1", "CSIDriverList", 695),
    ("storage.k8s.io/v1", "CSINode", 697),
    ("storage.k8s.io/v1", "CSINodeList", 702),
    ("storage.k8s.io/v1", "DeleteOptions", 621),
    ("storage.k8s.io/v1", "StorageClass", 704),
    ("storage.k8s.io/v1", "StorageClassList", 709),
    ("storage.k8s.io/v1", "VolumeAttachment", 711),
    ("storage.k8s.io/v1", "VolumeAttachmentList", 716),
    ("storage.k8s.io/v1", "WatchEvent", 804),
    ("storage.k8s.io/v1alpha1", "DeleteOptions", 621),
    ("storage.k8s.io/v1alpha1", "WatchEvent", 804),
    ("storage.k8s.io/v1beta1", "CSIDriver", 718),
    ("storage.k8s.io/v1beta1", "CSIDriverList", 722),
    ("storage.k8s.io/v1beta1", "CSINode", 724),
    ("storage.k8s.io/v1beta1", "CSINodeList", 729),
    ("storage.k8s.io/v1beta1", "CSIStorageCapacity", 731),
    ("storage.k8s.io/v1beta1", "CSIStorageCapacityList", 732),
    ("storage.k8s.io/v1beta1", "DeleteOptions", 621),
    ("storage.k8s.io/v1beta1", "StorageClass", 734),
    ("storage.k8s.io/v1beta1", "StorageClassList", 735),
    ("storage.k8s.io/v1beta1", "VolumeAttachment", 737),
    ("storage.k8s.io/v1beta1", "VolumeAttachmentList", 742),
    ("storage.k8s.io/v1beta1", "WatchEvent", 804),
    ("v1", "APIGroup", 789),
    ("v1", "APIGroupList", 794),
    ("v1", "APIResourceList", 796),
    ("v1", "APIVersions", 799),
    ("v1", "Binding", 349),
    ("v1", "ComponentStatus", 350),
    ("v1", "ComponentStatusList", 353),
    ("v1", "ConfigMap", 355),
    ("v1", "ConfigMapList", 356),
    ("v1", "DeleteOptions", 621),
    ("v1", "Endpoints", 358),
    ("v1", "EndpointsList", 365),
    ("v1", "Event", 367),
    ("v1", "EventList", 370),
    ("v1", "LimitRange", 372),
    ("v1", "LimitRangeList", 376),
    ("v1", "Namespace", 378),
    ("v1", "NamespaceList", 383),
    ("v1", "Node", 385),
    ("v1", "NodeList", 404),
    ("v1", "PersistentVolume", 406),
    ("v1", "PersistentVolumeClaim", 193),
    ("v1", "PersistentVolumeClaimList", 422),
    ("v1", "PersistentVolumeList", 423),
    ("v1", "Pod", 425),
    ("v1", "PodList", 437),
    ("v1", "PodTemplate", 439),
    ("v1", "PodTemplateList", 440),
    ("v1", "ReplicationController", 442),
    ("v1", "ReplicationControllerList", 447),
    ("v1", "ResourceQuota", 449),
    ("v1", "ResourceQuotaList", 455),
    ("v1", "Secret", 457),
    ("v1", "SecretList", 458),
    ("v1", "Service", 460),
    ("v1", "ServiceAccount", 474),
    ("v1", "ServiceAccountList", 477),
    ("v1", "ServiceList", 479),
    ("v1", "Status", 800),
    ("v1", "WatchEvent", 804),
];

/// Whether objects of a kind live in namespaces, sorted.
#[rustfmt::skip]
pub(super) static SCOPES: &[(&str, &str, bool)] = &[
    ("admissionregistration.k8s.io/v1", "MutatingWebhookConfiguration", false),
    ("admissionregistration.k8s.io/v1", "ValidatingWebhookConfiguration", false),
    ("admissionregistration.k8s.io/v1beta1", "MutatingWebhookConfiguration", false),
    ("admissionregistration.k8s.io/v1beta1", "ValidatingWebhookConfiguration", false),
    ("apiextensions.k8s.io/v1", "CustomResourceDefinition", false),
    ("apiextensions.k8s.io/v1beta1", "CustomResourceDefinition", false),
    ("apiregistration.k8s.io/v1", "APIService", false),
    ("apiregistration.k8s.io/v1beta1", "APIService", false),
    ("apps/v1", "ControllerRevision", true),
    ("apps/v1", "DaemonSet", true),
    ("apps/v1", "Deployment", true),
    ("apps/v1", "ReplicaSet", true),
    ("apps/v1", "StatefulSet", true),
    ("autoscaling/v1", "HorizontalPodAutoscaler", true),
    ("autoscaling/v1", "Scale", true),
    ("autoscaling/v2beta1", "HorizontalPodAutoscaler", true),
    ("autoscaling/v2beta2", "HorizontalPodAutoscaler", true),
    ("batch/v1", "CronJob", true),
    ("batch/v1", "Job", true),
    ("batch/v1beta1", "CronJob", true),
    ("certificates.k8s.io/v1", "CertificateSigningRequest", false),
    ("certificates.k8s.io/v1beta1", "CertificateSigningRequest", false),
    ("coordination.k8s.io/v1", "Lease", true),
    ("coordination.k8s.io/v1beta1", "Lease", true),
    ("discovery.k8s.io/v1", "EndpointSlice", true),
    ("discovery.k8s.io/v1beta1", "EndpointSlice", true),
    ("events.k8s.io/v1", "Event", true),
    ("events.k8s.io/v1beta1", "Event", true),
    ("extensions/v1beta1", "Ingress", true),
    ("flowcontrol.apiserver.k8s.io/v1beta1", "FlowSchema", false),
    ("flowcontrol.apiserver.k8s.io/v1beta1", "PriorityLevelConfiguration", false),
    ("networking.k8s.io/v1", "Ingress", true),
    ("networking.k8s.io/v1", "IngressClass", false),
    ("networking.k8s.io/v1", "NetworkPolicy", true),
    ("networking.k8s.io/v1beta1", "Ingress", true),
    ("networking.k8s.io/v1beta1", "IngressClass", false),
    ("node.k8s.io/v1", "RuntimeClass", false),
    ("node.k8s.io/v1beta1", "RuntimeClass", false),
    ("policy/v1", "PodDisruptionBudget", true),
    ("policy/v1beta1", "PodDisruptionBudget", true),
    ("policy/v1beta1", "PodSecurityPolicy", false),
    ("rbac.authorization.k8s.io/v1", "ClusterRole", false),
    ("rbac.authorization.k8s.io/v1", "ClusterRoleBinding", false),
    ("rbac.authorization.k8s.io/v1", "Role", true),
    ("rbac.authorization.k8s.io/v1", "RoleBinding", true),
    ("rbac.authorization.k8s.io/v1beta1", "ClusterRole", false),
    ("rbac.authorization.k8s.io/v1beta1", "ClusterRoleBinding", false),
    ("rbac.authorization.k8s.io/v1beta1", "Role", true),
    ("rbac.authorization.k8s.io/v1beta1", "RoleBinding", true),
    ("scheduling.k8s.io/v1", "PriorityClass", false),
    ("scheduling.k8s.io/v1beta1", "PriorityClass", false),
    ("storage.k8s.io/v1", "CSIDriver", false),
    ("storage.k8s.io/v1", "CSINode", false),
    ("storage.k8s.io/v1", "StorageClass", false),
    ("storage.k8s.io/v1", "VolumeAttachment", false),
    ("storage.k8s.io/v1beta1", "CSIDriver", false),
    ("storage.k8s.io/v1beta1", "CSINode", false),
    ("storage.k8s.io/v1beta1", "CSIStorageCapacity", true),
    ("storage.k8s.io/v1beta1", "StorageClass", false),
    ("storage.k8s.io/v1beta1", "VolumeAttachment", false),
    ("v1", "ComponentStatus", false),
    ("v1", "ConfigMap", true),
    ("v1", "Endpoints", true),
    ("v1", "Event", true),
    ("v1", "LimitRange", true),
    ("v1", "Namespace", false),
    ("v1", "Node", false),
    ("v1", "NodeProxyOptions", false),
    ("v1", "PersistentVolume", false),
    ("v1", "PersistentVolumeClaim", true),
    ("v1", "Pod", true),
    ("v1", "PodAttachOptions", true),
    ("v1", "PodExecOptions", true),
    ("v1", "PodPortForwardOptions", true),
    ("v1", "PodProxyOptions", true),
    ("v1", "PodTemplate", true),
    ("v1", "ReplicationController", true),
    ("v1", "ResourceQuota", true),
    ("v1", "Secret", true),
    ("v1", "Service", true),
    ("v1", "ServiceAccount", true),
    ("v1", "ServiceProxyOptions", true),
];
